using Palimpsest.Machine.Memory.Reading;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>
/// The counterfactual for machines recorded with a hidden carve-out: the RAM that the kernel saw, plus 1/32 of it
/// made visible above each bank. Storage is whole pageblocks, so many small banks cost more than 1/32.
/// </summary>
internal static class DefaultCarveOut
{
    public const string Name = "default carve-out";

    public static void AddTo(BoardDraft draft)
    {
        List<TagStorageSpan> spans = Above(draft.Banks, draft.Geometry);
        if (spans.Exists(span => !BoardDraft.IsAddressable(span.Storage)))
        {
            throw new InputException($"{draft.File}: no room for tag storage above RAM; pass a board that describes it");
        }

        draft.TagStorage.AddRange(spans);
        draft.Banks = WithStorage(draft.Banks, spans, draft.File, draft.Notes);
        draft.Notes.Add(Note(spans));
    }

    /// <summary>One span for each bank: directly above it, or above all banks where the next is in the way.</summary>
    public static List<TagStorageSpan> Above(IReadOnlyList<MemoryBank> banks, PageGeometry geometry)
    {
        ulong pageBlock = geometry.BytesOf((ulong)geometry.PageBlockFrames);
        ulong top = RoundUp(banks[^1].Range.End, pageBlock);
        var spans = new List<TagStorageSpan>();

        // Downwards, so that the highest bank has the place directly above it.
        for (int index = banks.Count - 1; index >= 0; index--)
        {
            PhysicalRange bank = banks[index].Range;
            ulong bytes = RoundUp((bank.Bytes + TagStorageChecks.Ratio - 1) / TagStorageChecks.Ratio, pageBlock);
            ulong start = RoundUp(bank.End, pageBlock);
            bool isFree = index == banks.Count - 1 || start + bytes <= banks[index + 1].Range.Start.Value;
            if (!isFree || start >= top)
            {
                start = top;
                top += bytes;
            }

            var storage = new PhysicalRange(new PhysicalAddress(start), bytes);
            spans.Add(new TagStorageSpan(storage, bank, (ulong)geometry.PageBytes, IsAssumed: true, Name));
        }

        return spans;
    }

    /// <summary>Banks with the storage of each: it belongs to the NUMA node of the memory that it serves.</summary>
    public static IReadOnlyList<MemoryBank> WithStorage(
        IReadOnlyList<MemoryBank> banks, List<TagStorageSpan> spans, string file, List<string> notes) =>
        BankList.Join(
            banks.Concat(spans.Select(span =>
                new MemoryBank(span.Storage, banks.First(bank => bank.Range == span.Covered).Node))),
            file,
            notes);

    public static string Note(List<TagStorageSpan> spans)
    {
        ulong bytes = spans.Aggregate(0UL, (sum, span) => sum + span.Storage.Bytes);
        ulong needed = spans.Aggregate(0UL, (sum, span) => sum + (span.Covered.Bytes / TagStorageChecks.Ratio));
        string excess = bytes == needed ? "" : $" ({ByteText.Of(needed)} rounded up to pageblocks, bank by bank)";
        return $"assumed: {ByteText.Of(bytes)} of tag storage above the RAM, which the recorded machine hid{excess}";
    }

    private static ulong RoundUp(ulong value, ulong multiple) => (value + multiple - 1) / multiple * multiple;
}
