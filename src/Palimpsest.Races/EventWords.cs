using Palimpsest.Kernel.Events;

namespace Palimpsest.Races;

/// <summary>Listens to what happens to pages and their storage, and tells it in words, a step at a time.</summary>
internal sealed class EventWords : IKernelListener
{
    private readonly List<string> _heard = [];

    public void Happened(in KernelEvent what)
    {
        if (Of(what) is { } words)
        {
            _heard.Add(words);
        }
    }

    /// <summary>What was heard since the last call; null when it was nothing.</summary>
    public string? Take()
    {
        string? told = _heard.Count == 0 ? null : string.Join(", ", _heard);
        _heard.Clear();
        return told;
    }

    /// <summary>One event; null for those of the allocator, which a step table would drown in.</summary>
    private static string? Of(in KernelEvent what) => what.Kind switch
    {
        KernelEventKind.BlockReserved => $"storage at frame {what.Frame} is reserved",
        KernelEventKind.BlockReleased => $"storage at frame {what.Frame} is lent",
        KernelEventKind.StorageBusy => $"storage of frame {what.Frame} is busy",
        KernelEventKind.FaultOnAccess => $"frame {what.Frame} faults on access",
        KernelEventKind.FolioMoved => $"frame {what.Value} has moved to {what.Frame}",
        KernelEventKind.PageTagged => $"frame {what.Frame} is tagged",
        KernelEventKind.PageUntagged => $"frame {what.Frame} is untagged",
        KernelEventKind.TagFault => $"tag fault in frame {what.Frame}",
        _ => null,
    };
}
