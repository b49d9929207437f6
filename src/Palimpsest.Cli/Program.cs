using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Traces;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

var sw = System.Diagnostics.Stopwatch.StartNew();
Trace trace = TraceFile.Read(args[0]);
Console.WriteLine($"read {trace.EventCount} in {sw.ElapsedMilliseconds} ms");
PageGeometry geometry = PageGeometry.Page4K;
MemoryBoard board = BoardReader.Read(FlattenedDeviceTree.Parse(File.ReadAllBytes(args[1]), args[1]), new BoardOptions(geometry));
MemoryLayout layout = MemoryLayout.For(board, geometry);
Workload w = WorkloadBuilder.Build(trace, layout, new WorkloadOptions(TagSource.Flag));
Console.WriteLine($"workload {w.Steps.Length} steps at {sw.ElapsedMilliseconds} ms {w.Repairs}");
var designs = args.Length > 2 ? args[2..].Select(DesignCatalog.Parse).ToList() : [.. DesignCatalog.Defaults];
var results = new Comparison(layout, w, new MachineOptions(w.Cpus), CostTable.Default).Run(designs);
Console.WriteLine($"done at {sw.ElapsedMilliseconds} ms");
foreach (var r in results)
{
    Console.WriteLine($"{r.Choice.Name,-20} mean {r.GivenBackMean / 256:F2} min {r.GivenBackMin / 256.0:F2} lent {r.LentMean / 256:F2}/{r.LentMax / 256.0:F2} res {r.ReservedMean / 256:F2} fill {r.BlockFillMean:F1} over {r.ReservedOverIdeal:F2} mig {r.Counters.MigratedFrames} al {r.Counters.AlreadyReserved} fr {r.Counters.ReservedFree} mg {r.Counters.ReservedByMigration} fl {r.Counters.FailedReservations} ref {r.Counters.RefusedTagged} fail {r.Counters.FailedAllocations} ext {r.Counters.ExternalFragmentation} v {r.Violations.Count} p50 {r.Latency.P50} p99 {r.Latency.P99} fn {r.FreesOfNothing} dr {r.Counters.DirectReclaims}");
    foreach (var v in r.Violations.Take(3)) Console.WriteLine("    " + v);
}
