using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>Which pages a process has, by /proc/PID/smaps and /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).</summary>
/// <param name="candidates">Tells in which areas they may lie; whether a page is one, its flags tell.</param>
internal sealed class ProcessPages(string folder, int pageBytes, CensusCandidates candidates)
{
    private const ulong Present = 1UL << 63;
    private const ulong PfnBits = (1UL << 55) - 1;
    private const int EntryBytes = sizeof(ulong);

    // 1 TiB of addresses with pages of 4 KiB, which a process may reserve and hardly use.
    private const ulong MostEntries = 1UL << 28;

    private readonly byte[] _lines = new byte[1 << 16];
    private readonly byte[] _entries = new byte[1 << 16];
    private readonly List<ProcessArea> _areas = [];
    private bool _hasPlaces;

    /// <summary>Processes with more addresses than are looked at.</summary>
    public int CutShort { get; private set; }

    /// <summary>The kernel said of pages that they are there, and of none where, since the reader may not know.</summary>
    public bool AreHidden { get; private set; }

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

    private bool IsMeant(ProcessArea area) => candidates switch
    {
        CensusCandidates.Anonymous => area.HasAnonymous,
        CensusCandidates.MteAreas => area is { IsMte: true, HasPages: true },
        _ => area.HasPages,
    };

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
                if ((entry & Present) != 0)
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
            AreHidden |= !_hasPlaces;
        }
        else if (pfn.Value < Pfn.MaxValue)
        {
            _hasPlaces = true;
            AreHidden = false;
            each(pfn);
        }
    }
}
