-- What the page shows: every cell, or the mean over recordings where there are too many.
select verb, coalesce(view, '') as view, coalesce(recording, workload, '') as subject, coalesce(pinned, 0) as pinned,
    coalesce(seed, 0) as seed, coalesce(release, '') as release, design, parameters, label, command, 1 as cells,
    100 * given_back_mean_mib / nullif(carve_out_mib, 0) as given, 100 * given_back_min_mib / nullif(carve_out_mib, 0) as least,
    100 * net_given_mean_mib / nullif(carve_out_mib, 0) as net, 1000 * tag_storage_modelled_s as cost,
    "reserve_latency_modelled_ns.p99" / 1000 as p99, refused_tagged_allocations + failed_allocations as lost, migrations as moved
from cells where status = 'done' and verb <> 'beyond'
order by verb, view, subject, pinned, seed, label
