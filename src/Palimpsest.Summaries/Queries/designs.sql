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
        min(100 * given_min / nullif(carve_out, 0)) as least_share, sum(lost) as lost, sum(broken) as broken
    from judged left join best using (setting, seed) group by label
), by_setting as (
    -- A setting counts once, however many seeds it has.
    select label, setting, avg(100 * given / nullif(carve_out, 0)) as given_share, avg(100 * net / nullif(carve_out, 0)) as net_share,
        avg(cost) as cost
    from told group by label, setting
), over_settings as (
    select label, avg(given_share) as given_share, avg(net_share) as net_share, avg(cost) as cost from by_setting group by label
), sown as (
    select distinct label, seed from told where has_seed
), by_seed as (
    -- A setting without chance is the same under every seed: the mean of the seeds is that of all settings.
    select label, list(net_share order by seed) filter (net_share is not null) as seeds from (
        select label, seed, avg(100 * net / nullif(carve_out, 0)) as net_share from (
            select label, seed, net, carve_out from told where has_seed
            union all
            select label, sown.seed, net, carve_out from told join sown using (label) where not has_seed)
        group by label, seed)
    group by label
), shown as (
    select means.label, design, is_bound, cells, best_in, as_good_in, out_in, worst_regret, given_share, least_share,
        coalesce(list_avg(seeds), net_share) as net_share, cost, lost, broken, seeds
    from means join over_settings using (label) left join by_seed using (label)
), rivals as (
    select net_share, cost from shown where not is_bound and broken = 0 and out_in < cells
)
select shown.*,
    not is_bound and broken = 0 and out_in < cells and not exists (
        select 1 from rivals where rivals.net_share >= shown.net_share and rivals.cost <= shown.cost
            and (rivals.net_share > shown.net_share or rivals.cost < shown.cost)) as is_on_front
from shown
order by is_bound desc, best_in desc, as_good_in desc, net_share desc, label
