-- Each design over all settings of compare: docs/decisions/0006-ranking.md says which is best in one.
with told as (
    select setting, coalesce(seed, 0) as seed, seed is not null as has_seed, label, design, is_bound = 'yes' as is_bound,
        given_back_mean_mib as given, given_back_min_mib as given_min, net_given_mean_mib as net, tag_storage_modelled_s as cost,
        refused_tagged_allocations + failed_allocations as lost, tagged_allocations as tagged, law_violations as broken,
        carve_out_mib as carve_out
    from cells where verb = 'compare' and status = 'done'
), lawful as (
    select *, not is_bound and (broken = 0 or min(case when is_bound then null else broken end) over moment > 0) as is_candidate
    from told window moment as (partition by setting, seed)
), judged as (
    select *, is_candidate and lost <= min(case when is_candidate then lost end) over (partition by setting, seed) + 0.001 * tagged
        as competes
    from lawful
), ranked as (
    select *, max(case when competes then given end) over moment as best_given,
        case when competes then row_number() over (partition by setting, seed order by competes desc, given desc, given_min desc, cost,
            label) end as place
    from judged window moment as (partition by setting, seed)
), means as (
    select label, any_value(design) as design, any_value(is_bound) as is_bound, count(*) as cells,
        count(*) filter (place = 1) as best_in,
        count(*) filter (competes and given >= best_given - 0.01 * carve_out) as as_good_in,
        count(*) filter (not competes and not is_bound) as out_in,
        max(100 * (best_given - given) / nullif(carve_out, 0)) as worst_regret,
        avg(100 * given / nullif(carve_out, 0)) as given_share, min(100 * given_min / nullif(carve_out, 0)) as least_share,
        avg(100 * net / nullif(carve_out, 0)) as net_share, avg(cost) as cost, sum(lost) as lost, sum(broken) as broken
    from ranked group by label
), by_seed as (
    select label, list(net_share order by seed) as seeds from (
        select label, seed, avg(100 * net / nullif(carve_out, 0)) as net_share from told where has_seed group by label, seed)
    group by label
)
select means.*, by_seed.seeds,
    not is_bound and broken = 0 and not exists (
        select 1 from means as other where other.label <> means.label and not other.is_bound and other.broken = 0
            and other.net_share >= means.net_share and other.cost <= means.cost
            and (other.net_share > means.net_share or other.cost < means.cost)) as is_on_front
from means left join by_seed using (label)
order by is_bound desc, best_in desc, as_good_in desc, net_share desc, label
