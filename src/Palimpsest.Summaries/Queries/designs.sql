-- Each design over all settings of compare: docs/decisions/0006-ranking.md says which is best in one.
with told as materialized (
    select setting, coalesce(seed, 0) as seed, seed is not null as has_seed, label, design, is_bound = 'yes' as is_bound,
        given_back_mean_mib as given, given_back_min_mib as given_min, net_given_mean_mib as net, tag_storage_modelled_s as cost,
        refused_tagged_allocations + failed_allocations as lost, tagged_allocations as tagged, law_violations as broken,
        carve_out_mib as carve_out
    from cells where verb = 'compare' and status = 'done'
), moments as (
    select setting, seed, min(broken) as least_broken from told where not is_bound group by all
), candidates as materialized (
    select told.*, coalesce(not is_bound and (broken = 0 or least_broken > 0), false) as is_candidate
    from told left join moments using (setting, seed)
), losers as (
    select setting, seed, min(lost) as least_lost from candidates where is_candidate group by all
), judged as materialized (
    select candidates.*, coalesce(is_candidate and lost <= least_lost + 0.001 * tagged, false) as competes
    from candidates left join losers using (setting, seed)
), best as (
    select setting, seed, max(given) as best_given,
        arg_min(label, {'given': -given, 'least': -given_min, 'cost': cost, 'label': label}) as best_label
    from judged where competes group by all
), means as (
    select label, any_value(design) as design, any_value(is_bound) as is_bound, count(*) as cells,
        count(*) filter (label = best_label) as best_in,
        count(*) filter (competes and given >= best_given - 0.01 * carve_out) as as_good_in,
        count(*) filter (not competes and not is_bound) as out_in,
        max(100 * (best_given - given) / nullif(carve_out, 0)) as worst_regret,
        avg(100 * given / nullif(carve_out, 0)) as given_share, min(100 * given_min / nullif(carve_out, 0)) as least_share,
        avg(100 * net / nullif(carve_out, 0)) as net_share, avg(cost) as cost, sum(lost) as lost, sum(broken) as broken
    from judged left join best using (setting, seed) group by label
), by_seed as (
    select label, list(net_share order by seed) as seeds from (
        select label, seed, avg(100 * net / nullif(carve_out, 0)) as net_share from told where has_seed group by label, seed)
    group by label
), rivals as (
    select net_share, cost from means where not is_bound and broken = 0 and out_in < cells
)
select means.*, by_seed.seeds,
    not is_bound and broken = 0 and out_in < cells and not exists (
        select 1 from rivals where rivals.net_share >= means.net_share and rivals.cost <= means.cost
            and (rivals.net_share > means.net_share or rivals.cost < means.cost)) as is_on_front
from means left join by_seed using (label)
order by is_bound desc, best_in desc, as_good_in desc, net_share desc, label
