-- Each design over all settings of compare: docs/decisions/0006-ranking.md says which is best in one.
with told as materialized (
    select setting, coalesce(seed, 0) as seed, seed is not null as has_seed, label, is_bound = 'yes' as is_bound,
        given_back_mean_mib as given, given_back_min_mib as given_min, 100 * net_given_mean_mib / nullif(carve_out_mib, 0) as net_share,
        tag_storage_modelled_s as cost, refused_tagged_allocations + failed_allocations as lost, tagged_allocations as tagged,
        law_violations as broken, carve_out_mib as carve_out
    from cells where verb = 'compare' and status = 'done'
), moments as (
    select setting, seed, min(broken) filter (not is_bound) as least_broken,
        min(lost) filter (not is_bound and broken = 0) as least_lost_lawful, min(lost) filter (not is_bound) as least_lost
    from told group by all
), judged as materialized (
    -- Where every design breaks laws, all compete.
    select told.*, coalesce(not is_bound and (broken = 0 or least_broken > 0)
        and lost <= case when least_broken > 0 then least_lost else least_lost_lawful end + 0.001 * tagged, false) as competes
    from told left join moments using (setting, seed)
), most as (
    select setting, seed, max(given) as best_given from judged where competes group by all
), best as (
    -- Of those that give back most, which are few: comparing records is slow.
    select setting, seed, any_value(best_given) as best_given,
        arg_min(label, {'least': -given_min, 'cost': cost, 'label': label}) as best_label
    from judged join most using (setting, seed) where competes and given = best_given group by all
), by_setting as (
    -- A setting counts once in a mean, however many seeds it has.
    select label, setting, any_value(is_bound) as is_bound, count(*) as cells, count(*) filter (label = best_label) as best_in,
        count(*) filter (competes and given >= best_given - 0.01 * carve_out) as as_good_in,
        count(*) filter (not competes and not is_bound) as out_in,
        max(100 * (best_given - given) / nullif(carve_out, 0)) as worst_regret, avg(100 * given / nullif(carve_out, 0)) as given_share,
        min(100 * given_min / nullif(carve_out, 0)) as least_share, avg(net_share) as net_share, avg(cost) as cost, sum(lost) as lost,
        sum(broken) as broken
    from judged left join best using (setting, seed) group by label, setting
), means as (
    select label, any_value(is_bound) as is_bound, sum(cells) as cells, sum(best_in) as best_in, sum(as_good_in) as as_good_in,
        sum(out_in) as out_in, max(worst_regret) as worst_regret, avg(given_share) as given_share, min(least_share) as least_share,
        avg(net_share) as net_share, avg(cost) as cost, sum(lost) as lost, sum(broken) as broken
    from by_setting group by label
), lasting as (
    -- A setting without chance is the same under every seed: the mean of the seeds is that of all settings.
    select label, sum(net_share) as net_share, count(net_share) as cells from told where not has_seed group by label
), sown as (
    select label, seed, sum(net_share) as net_share, count(net_share) as cells from told where has_seed group by label, seed
), by_seed as (
    select label, list((sown.net_share + coalesce(lasting.net_share, 0)) / (sown.cells + coalesce(lasting.cells, 0)) order by seed)
        filter (sown.net_share is not null) as seeds
    from sown left join lasting using (label) group by label
), shown as (
    select means.* replace (coalesce(list_avg(seeds), net_share) as net_share), seeds from means left join by_seed using (label)
), rivals as (
    select net_share, cost from shown where not is_bound and broken = 0 and out_in < cells
)
select shown.*,
    not is_bound and broken = 0 and out_in < cells and not exists (
        select 1 from rivals where rivals.net_share >= shown.net_share and rivals.cost <= shown.cost
            and (rivals.net_share > shown.net_share or rivals.cost < shown.cost)) as is_on_front
from shown
order by is_bound desc, best_in desc, as_good_in desc, net_share desc, label
