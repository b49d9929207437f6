using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;

namespace Palimpsest.Kernel;

/// <content>What the rooms of a running kernel need beyond a replay.</content>
public sealed partial class MemorySystem
{
    internal TaggedAllocation Tagged => _tagged;

    internal FolioMigration Migration => _migration;

    internal Buddy Buddy => _buddy;

    /// <summary>
    /// For processes: as <see cref="Allocate"/>, but a page that is going to be tagged has its storage at most reserved,
    /// its tags are the caller's business, and nothing is done about storage that is busy.
    /// </summary>
    internal ValueTask<AllocationResult> AllocateForProcess(AllocationRequest request)
    {
        AllocationVerdict verdict = VerdictOn(request);
        if (request.IsTagged)
        {
            ValueTask<AllocationResult> tagged = _tagged.Allocate(request, verdict);
            if (!tagged.IsCompletedSuccessfully)
            {
                return Waiting(tagged);
            }

            AllocationResult had = tagged.Result;
            Count(had);
            return new(had);
        }

        AllocationResult result = Plain(_allocator.Allocate(request, verdict));
        Count(result);
        return new(result);
    }

    private async ValueTask<AllocationResult> Waiting(ValueTask<AllocationResult> allocation)
    {
        AllocationResult result = await allocation;
        Count(result);
        return result;
    }

    private void Count(in AllocationResult result)
    {
        Counters.Allocations++;
        if (result.Frame >= 0)
        {
            CountLent(result.Frame, 1);
        }
    }

    /// <summary>The tags of a folio in use, whose storage is reserved, are valid from now on (PG_mte_tagged).</summary>
    internal void MarkTagged(int frame) => _tagged.MarkTagged(frame);
}
