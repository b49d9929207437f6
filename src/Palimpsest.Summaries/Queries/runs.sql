-- Each design over all workloads: what today's machine (static) reclaims with the same seed, and it does not.
with told as (
    select setting, seed, label, is_bound = 'yes' as is_bound, swap_outs + file_pages_dropped as reclaimed, given_back_mean_mib as given,
        carve_out_mib as carve_out, oom_kills, law_violations as broken
    from cells where verb = 'run' and status = 'done'
), paired as (
    select told.*, (today.reclaimed - told.reclaimed) / nullif(avg(today.reclaimed) over (partition by told.setting), 0) as saved
    from told left join (select * from told where label = 'static') as today
        on told.setting = today.setting and told.seed = today.seed and told.label <> 'static'
), by_seed as (
    select label, list(saved order by seed) as seeds
    from (select label, seed, avg(100 * saved) as saved from paired group by label, seed) where saved is not null group by label
)
select label, any_value(is_bound) as is_bound, count(*) as cells, avg(100 * saved) as saved, any_value(by_seed.seeds) as seeds,
    count(*) filter (saved > 0) as better_in, avg(100 * given / nullif(carve_out, 0)) as given_share, sum(oom_kills) as oom_kills,
    sum(broken) as broken
from paired left join by_seed using (label)
group by label order by is_bound desc, saved desc nulls last, label
