using CsCheck;
using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>Whatever the recording, a workload allocates only what is free and frees only what is live.</summary>
public sealed class WorkloadLaws
{
    private static readonly Gen<string> Line = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 15], Gen.Int[0, 2]).Select((kind, page, order) =>
    {
        string pfn = $"{0x40010 + ((page >> order) << order):x}";
        return kind switch
        {
            0 or 1 => $"alloc {pfn} order={order}",
            2 => $"alloc {pfn} order={order} tagged",
            3 => $"free {pfn} order={order}",
            4 => $"free {pfn} order=0",
            _ => $"moved {pfn}",
        };
    });

    [Fact]
    public void StepsAreConsistentWhateverWasRecorded() =>
        Line.Array[1, 40].Sample(lines => IsConsistent(Recording.Workload(lines)), iter: 400, seed: "0000000000000", threads: 1);

    private static bool IsConsistent(Workload workload)
    {
        HashSet<int> live = [.. workload.Initial.Select(page => page.Name)];
        long last = 0;
        foreach (WorkloadStep step in workload.Steps.Span)
        {
            if (step.TimeNs < last)
            {
                return false;
            }

            last = step.TimeNs;
            int count = 1 << step.Order;
            for (int name = step.Name; name < step.Name + count; name++)
            {
                bool fits = step.Kind switch
                {
                    WorkloadStepKind.Allocate => live.Add(name),
                    WorkloadStepKind.Free => live.Remove(name),
                    WorkloadStepKind.Tag => live.Contains(name),
                    _ => true,
                };
                if (!fits)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
