using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>Reads a kpageflags from its beginning to its end into a tally, and refuses what is none, or not all of one.</summary>
internal static class PageFlagsFile
{
    // 4 TiB of addresses with pages of 4 KiB, holes counted.
    public const long MostEntries = 1 << 30;

    // What has so many pages and none in use is not memory.
    private const long EntriesUntilSure = 1 << 23;

    private const int BufferBytes = 1 << 20;
    private const int HeadBytes = 512;

    // Kernels since 5.11 end with a section, of 32,768 pages of 4 KiB or 8,192 larger ones.
    private const long SmallestSection = 1 << 13;

    /// <summary>Reads it; the pfn of its first entry.</summary>
    /// <exception cref="InputException">It cannot be read, breaks off, is of another machine, or is something else.</exception>
    public static Pfn Read(CensusSource source, PageFlagsTally tally, Action<long>? progress, CancellationToken cancellation)
    {
        using FileStream file = Open(source.File);
        using TraceInput content = new(file, source.File, progress);
        byte[] buffer = new byte[BufferBytes];
        int held = 0;
        for (int read; (read = content.Read(buffer.AsSpan(held))) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            held += read;
            if (tally.Entries == 0 && held < HeadBytes)
            {
                continue;
            }

            RefuseOthers(source.File, tally, buffer.AsSpan(0, held));
            int whole = held - (held % PageFlagsTally.BlockBytes);
            tally.Take(buffer.AsSpan(0, whole));
            buffer.AsSpan(whole, held - whole).CopyTo(buffer);
            held -= whole;
            RefuseEntries(source.File, tally);
        }

        if (content.Break is { } broken)
        {
            throw new InputException($"{source.File}: {broken} Copy it again.");
        }

        RefuseOthers(source.File, tally, buffer.AsSpan(0, held));
        if (held % sizeof(ulong) != 0)
        {
            throw new InputException($"{source.File}: {((tally.Entries * sizeof(ulong)) + held):N0} bytes are not whole entries of 8: it "
                + "is cut off, or no kpageflags; copy it again, whole: cat /proc/kpageflags > FILE");
        }

        tally.Take(buffer.AsSpan(0, held));
        RefuseEntries(source.File, tally);
        RefuseNumbers(source.File, tally);
        return First(source, tally);
    }

    /// <summary>Refuses a copy that is not of the machine that lies beside it.</summary>
    /// <param name="tally">Of the whole copy, with banks where they are in it.</param>
    public static void RefuseStranger(CensusSource source, PageFlagsTally tally, Pfn first)
    {
        if (source.Ram is not { } ram)
        {
            return;
        }

        ulong end = first.Value + (ulong)tally.EndInUse;
        if (end > ram.End)
        {
            throw new InputException($"{source.File}: pages are in use up to page {end:N0}, and RAM ends at page {ram.End:N0} by "
                + $"{ram.Place}: they are of two machines; copy both from one");
        }

        if (tally.Frames < ram.Present / 8 * 7)
        {
            throw new InputException($"{source.File}: {tally.Frames:N0} pages, and {ram.Place} counts {ram.Present:N0}: they are of two "
                + "machines; copy both from one");
        }
    }

    /// <summary>What cannot be said of a copy without its zoneinfo; null where it can.</summary>
    public static string? Doubt(CensusSource source, PageFlagsTally tally) => source.Ram is not null ? null
        : tally.Entries % SmallestSection != 0
        ? InvariantText.Of($"The copy ends at page {tally.Entries:N0}, inside a section of memory, where kernels since 5.11 never end ")
            + "one, and there is no zoneinfo beside it that tells where RAM ends: it may be cut off."
        : InvariantText.Of($"The copy ends at page {tally.Entries:N0}, and there is no zoneinfo beside it that tells whether RAM does.");

    private static FileStream Open(string path)
    {
        try
        {
            // The kernel gives whole entries to who asks for them, and none to others.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InputException(Path.GetFullPath(path).StartsWith(CensusTrial.OwnMachine + "/", StringComparison.Ordinal)
                ? $"{path}: only root may read where pages lie; sudo ./palimpsest census, or give a folder with a copy"
                : $"{path}: may not be read; change its permissions", exception);
        }
        catch (IOException exception)
        {
            throw new InputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); check the path", exception);
        }
    }

    private static void RefuseOthers(string name, PageFlagsTally tally, ReadOnlySpan<byte> head)
    {
        if (tally.Entries > 0)
        {
            return;
        }

        if (head.IsEmpty)
        {
            throw new InputException($"{name}: the file is empty; copy it again as root, by cat (cp may copy nothing): cat "
                + "/proc/kpageflags > FILE");
        }

        if (ForeignFile.Of(head) is { } what)
        {
            string kind = what.StartsWith("packed", StringComparison.Ordinal) ? what : what.Split(';', ':')[0] + ", no kpageflags";
            throw new InputException($"{name}: this is {kind}; give a copy of /proc/kpageflags, plain, .zst or .gz");
        }

        if (!head[..Math.Min(head.Length, HeadBytes)].ContainsAnyExceptInRange((byte)'\t', (byte)'~'))
        {
            throw new InputException($"{name}: this is a text, no kpageflags, which is 8 bytes a page; give a copy of /proc/kpageflags");
        }
    }

    private static void RefuseEntries(string name, PageFlagsTally tally)
    {
        if (tally.FirstForeign >= 0)
        {
            long at = tally.FirstForeign;
            throw new InputException(InvariantText.Of($"{name}: entry {at:N0} (byte {at * sizeof(ulong):N0}) ")
                + "has flags that no kernel writes: this is no kpageflags, or the file is damaged there; give a copy of /proc/kpageflags");
        }

        if (tally.Entries > MostEntries)
        {
            throw new InputException($"{name}: more than {MostEntries:N0} pages; that is no kpageflags of a machine that is read here");
        }

        if (tally.Entries >= EntriesUntilSure && tally.Frames > 0)
        {
            RefuseNumbers(name, tally);
        }
    }

    // kpagecount and kpagecgroup lie beside it and have as many entries: counts, and numbers of inodes.
    private static void RefuseNumbers(string name, PageFlagsTally tally)
    {
        const int Few = 4096;
        if (tally.Frames == 0)
        {
            throw new InputException($"{name}: none of its {tally.Entries:N0} entries is a page; copy /proc/kpageflags again");
        }

        if (tally.AboveCounts <= tally.Frames / Few || tally.Contradictions > tally.Entries / Few)
        {
            throw new InputException($"{name}: its entries are no flags of pages (hardly one is free, in use or reserved, or they "
                + "contradict themselves): a kpagecount or kpagecgroup? give a copy of /proc/kpageflags");
        }
    }

    private static Pfn First(CensusSource source, PageFlagsTally tally)
    {
        if (source.Ram is not { } ram)
        {
            return tally.Entries % TagGeometry.DataFramesPerStorageFrame == 0 ? new Pfn(0) : throw new InputException(
                $"{source.File}: {tally.Entries:N0} entries end inside 32 pages, and RAM ends so nowhere: it is cut off; copy it again, "
                + "whole, or put the machine's /proc/zoneinfo beside it");
        }

        ulong entries = (ulong)tally.Entries;
        bool isFromRam = entries < ram.End && ram.First % TagGeometry.DataFramesPerStorageFrame == 0 && entries >= ram.End - ram.First
            && !tally.BeginsWithHole;
        ulong first = isFromRam ? ram.First : 0;
        if (entries < ram.End - first)
        {
            throw new InputException($"{source.File}: {entries:N0} pages, and RAM ends at page {ram.End:N0} by {ram.Place}: it is cut off, "
                + "or of another machine; copy it again, whole: cat /proc/kpageflags > FILE");
        }

        return new Pfn(first);
    }
}
