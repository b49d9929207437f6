using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>Which pages a process has, by /proc/PID/smaps and /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).</summary>
/// <param name="onlyMte">Areas that were mapped PROT_MTE, whatever lies in them; else all anonymous pages.</param>
internal sealed class ProcessPages(string folder, int pageBytes, bool onlyMte)
{
    private const ulong Present = 1UL << 63;
    private const ulong FileOrShared = 1UL << 61;
    private const ulong PfnBits = (1UL << 55) - 1;
    private const int EntryBytes = sizeof(ulong);

    // 1 TiB of addresses with pages of 4 KiB, which a process may reserve and hardly use.
    private const ulong MostEntries = 1UL << 28;

    private readonly byte[] _lines = new byte[1 << 16];
    private readonly byte[] _entries = new byte[1 << 16];
    private readonly List<ProcessArea> _areas = [];

    /// <summary>Processes with more addresses than are looked at.</summary>
    public int CutShort { get; private set; }

    /// <summary>Pages whose place the kernel keeps to itself, since the reader may not know.</summary>
    public long Hidden { get; private set; }

    /// <summary>Tells all pages of a process that may be candidates; none where it has ended meanwhile.</summary>
    public void Read(int pid, Action<Pfn> each)
    {
        string process = Path.Combine(folder, InvariantText.Of($"{pid}"));
        try
        {
            _areas.Clear();
            string file = Path.Combine(process, "smaps");
            using (FileStream smaps = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))
            {
                ProcessArea.Read(smaps, _lines, _areas);
            }

            if (_areas.Exists(IsMeant))
            {
                using SafeFileHandle pagemap = File.OpenHandle(Path.Combine(process, "pagemap"));
                ReadAreas(pagemap, each);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another's.
        }
    }

    private bool IsMeant(ProcessArea area) => onlyMte ? area is { IsMte: true, HasPages: true } : area.HasAnonymous;

    private void ReadAreas(SafeFileHandle pagemap, Action<Pfn> each)
    {
        ulong left = MostEntries;
        foreach (ProcessArea area in _areas)
        {
            if (!IsMeant(area))
            {
                continue;
            }

            ulong entries = (area.End - area.Start) / (ulong)pageBytes;
            if (entries > left)
            {
                CutShort++;
                return;
            }

            left -= entries;
            ReadArea(pagemap, area.Start / (ulong)pageBytes, entries, each);
        }
    }

    private void ReadArea(SafeFileHandle pagemap, ulong first, ulong entries, Action<Pfn> each)
    {
        for (ulong at = 0; at < entries;)
        {
            Span<byte> wanted = _entries.AsSpan(0, (int)Math.Min((ulong)_entries.Length, (entries - at) * EntryBytes));
            int read = RandomAccess.Read(pagemap, wanted, (long)((first + at) * EntryBytes));
            if (read < EntryBytes)
            {
                return;
            }

            for (int offset = 0; offset + EntryBytes <= read; offset += EntryBytes)
            {
                ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(wanted[offset..]);
                if ((entry & Present) != 0 && (onlyMte || (entry & FileOrShared) == 0))
                {
                    Take(new Pfn(entry & PfnBits), each);
                }
            }

            at += (ulong)(read / EntryBytes);
        }
    }

    private void Take(Pfn pfn, Action<Pfn> each)
    {
        if (pfn.Value == 0)
        {
            Hidden++;
        }
        else if (pfn.Value < Pfn.MaxValue)
        {
            each(pfn);
        }
    }
}
