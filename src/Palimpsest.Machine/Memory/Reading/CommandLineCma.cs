using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// The default CMA area that cma= of the command line asks for (kernel/dma/contiguous.c and mm/cma.c, 6.1): it is placed last, below
/// the first address that some device cannot reach, and takes the place of the pool that the tree calls linux,cma-default.
/// </summary>
internal static class CommandLineCma
{
    /// <summary>Does the command line take a pool's place?</summary>
    public static bool Bypasses(BoardDraft draft, DeviceTreeNode node) =>
        draft.CommandLine.Cma is not null && ReservedMemory.IsPool(node) && node.Has("linux,cma-default");

    public static void Place(BoardDraft draft)
    {
        if (draft.CommandLine.Cma is not { Bytes: > 0 } request || ReservedMemory.HasDefaultPool(draft))
        {
            return;
        }

        if (!draft.Options.AssumesPools)
        {
            draft.Notes.Add($"cma= of {draft.CommandLineSource}: the area lies where the kernel log says, if anywhere");
            return;
        }

        ulong block = draft.PageBlockBytes;
        ulong bytes = RoundUp(request.Bytes, block);
        ulong top = ZoneLayout.Limit(draft.Banks, DmaAddressLimit.Bits(draft.Tree));
        if (Refusal(draft, request, bytes) is { } refusal)
        {
            draft.Notes.Add($"cma= of {draft.CommandLineSource}: {refusal}; there is no such area");
            return;
        }

        ulong from = RoundUp(request.Base, block);
        ulong to = request.Limit > 0 ? Math.Min(request.Limit, top) : top;
        PhysicalRange? place = request.IsFixed
            ? new PhysicalRange(new PhysicalAddress(request.Base), bytes)
            : PoolPlacement.HighestFree(draft, new PhysicalRange(new PhysicalAddress(from), to > from ? to - from : 0), bytes, block);
        if (place is { } found && BankList.HasInOneNode(draft.Banks, found))
        {
            draft.Pools.Add(new CmaPool(found, IsDynamic: !request.IsFixed, $"cma= of {draft.CommandLineSource}"));
        }
        else
        {
            draft.Notes.Add($"cma= of {draft.CommandLineSource}: no room for its {ByteText.Of(bytes)}; Linux would go on without it");
        }
    }

    private static string? Refusal(BoardDraft draft, CmaRequest request, ulong bytes)
    {
        var fixedPlace = new PhysicalRange(new PhysicalAddress(request.Base), bytes);
        return !BoardDraft.IsAddressable(fixedPlace) ? $"{ByteText.Of(request.Bytes)} are more than a machine has"
            : !request.IsFixed ? null
            : request.Base % draft.PageBlockBytes != 0 ? $"0x{request.Base:x} is not the start of a pageblock"
            : draft.Reserved.Select(range => range.Range).Concat(draft.Pools.Select(pool => pool.Range))
                .Concat(draft.TagStorage.Select(span => span.Storage)).Any(range => range.Overlaps(fixedPlace))
                ? $"{fixedPlace} is reserved"
            : null;
    }

    private static ulong RoundUp(ulong value, ulong multiple) =>
        value > ulong.MaxValue - multiple ? value : (value + multiple - 1) / multiple * multiple;
}
