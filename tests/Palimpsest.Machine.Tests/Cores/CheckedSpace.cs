using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Tests.Cores;

/// <summary>Four pages in a row, three of them tagged, and plain arrays of what they hold.</summary>
internal sealed class CheckedSpace
{
    private const int Pages = 4;
    private const int UntaggedPage = 2;

    private static readonly int[] Frames = [0, 1, 33, 31];

    private readonly TaggedMemory _memory;
    private readonly Core _core;
    private readonly TagFaultMode _mode;
    private readonly int _pageBytes;
    private readonly ulong _base;
    private readonly byte[] _bytes;
    private readonly byte[] _tags;
    private bool _isNoted;

    public CheckedSpace(TaggedMemory memory, TagFaultMode mode)
    {
        _memory = memory;
        _mode = mode;
        _pageBytes = memory.Layout.Geometry.PageBytes;
        _base = (ulong)_pageBytes * 1000;
        _bytes = new byte[Pages * _pageBytes];
        _tags = new byte[_bytes.Length / 16];
        FlatTable table = new();
        for (int page = 0; page < Pages; page++)
        {
            table[1000 + (ulong)page] = new Translation(Frames[page], IsReadable: true, IsWritable: true, page != UntaggedPage);
        }

        _core = new Core(0, memory, table);
        _core.Registers.Ata0 = _core.Registers.Ata = true;
        _core.Registers.Tcf0 = mode;
    }

    public void Step(int kind, int place, int tag, int length, ulong value)
    {
        // A few places, so that steps meet; half of the accesses carry the right tag.
        int offset = place % 7 * (_pageBytes / 2) + (place / 7 % 64) - (place % 7 == 0 ? 0 : 32);
        tag = (value & 1) == 0 ? _tags[offset / 16] : tag % 4;
        ulong address = LogicalTag.With(_base + (ulong)offset, tag);
        switch (kind)
        {
            case < 20:
                int eight = Judge(_core.Load64(address, out ulong loaded), address, offset, 8, isWrite: false, isWhole: true);
                Assert.Equal(eight == 0 ? 0 : BitConverter.ToUInt64(_bytes, offset), loaded);
                break;
            case < 40:
                int stored = Judge(_core.Store64(address, value), address, offset, 8, isWrite: true, isWhole: true);
                BitConverter.GetBytes(value).AsSpan(0, stored).CopyTo(_bytes.AsSpan(offset));
                break;
            case < 45:
                int one = Judge(_core.Store8(address, (byte)value), address, offset, 1, isWrite: true, isWhole: true);
                _bytes.AsSpan(offset, one).Fill((byte)value);
                break;
            case < 50:
                int single = Judge(_core.Load8(address, out byte read), address, offset, 1, isWrite: false, isWhole: true);
                Assert.Equal(single == 0 ? 0 : _bytes[offset], read);
                break;
            case < 60:
                WriteRun(address, offset, Math.Min(length, _bytes.Length - offset), (byte)value);
                break;
            case < 68:
                ReadRun(address, offset, Math.Min(length, _bytes.Length - offset));
                break;
            case < 90:
                StoreTags(kind % 6, offset & ~15, tag, value);
                break;
            case < 93:
                ulong tagged = value;
                Assert.True(_core.Ldg(address, ref tagged).IsNone);
                Assert.Equal(LogicalTag.With(value, _tags[offset / 16]), tagged);
                break;
            default:
                Disturb(kind, place);
                break;
        }
    }

    public void Audit()
    {
        byte[] all = new byte[_bytes.Length];
        Assert.True(_core.ReadUnchecked(_base, all).IsNone);
        Assert.Equal(_bytes, all);
        Assert.Equal(_isNoted, _core.TakeAsyncFault());
        Assert.False(_core.TakeAsyncFault());
        Assert.Equal(0, _memory.Corruptions.Total);
    }

    /// <summary>Compares the outcome with the rule; the bytes that were performed.</summary>
    private int Judge(AccessFault fault, ulong address, int offset, int length, bool isWrite, bool isWhole)
    {
        int wrong = -1;
        for (int granule = offset / 16; wrong < 0 && granule * 16 < offset + length; granule++)
        {
            bool isTagged = granule * 16 / _pageBytes != UntaggedPage;
            wrong = isTagged && _tags[granule] != LogicalTag.Of(address) ? granule : -1;
        }

        MismatchEffect effect = wrong < 0 ? MismatchEffect.None : TagCheck.EffectOf(_mode, isWrite);
        _isNoted |= effect == MismatchEffect.Sticky;
        if (effect != MismatchEffect.Abort)
        {
            Assert.Equal(default, fault);
            return length;
        }

        int done = Math.Max(0, (wrong * 16) - offset);
        Assert.Equal(new AccessFault(FaultKind.TagCheck, isWrite, address + (ulong)done), fault);
        return isWhole ? 0 : done;
    }

    private void WriteRun(ulong address, int offset, int length, byte value)
    {
        byte[] run = new byte[length];
        run.AsSpan().Fill(value);
        int done = Judge(_core.Write(address, run), address, offset, length, isWrite: true, isWhole: false);
        _bytes.AsSpan(offset, done).Fill(value);
    }

    private void ReadRun(ulong address, int offset, int length)
    {
        byte[] run = new byte[length];
        int done = Judge(_core.Read(address, run), address, offset, length, isWrite: false, isWhole: false);
        Assert.Equal(_bytes.AsSpan(offset, done), run.AsSpan(0, done));
    }

    private void StoreTags(int kind, int offset, int tag, ulong value)
    {
        ulong address = LogicalTag.With(_base + (ulong)offset, tag);
        ulong source = LogicalTag.With(value, tag);
        (AccessFault fault, int first, int bytes, bool isZeroing) = kind switch
        {
            0 => (_core.Stg(address, source), offset, 16, false),
            1 => (_core.St2g(address, source), offset, 32, false),
            2 => (_core.Stzg(address, source), offset, 16, true),
            3 => (_core.Stz2g(address, source), offset, 32, true),
            4 => (_core.DcGva(address), offset & ~63, 64, false),
            _ => (_core.DcGzva(address), offset & ~63, 64, true),
        };
        Assert.True(fault.IsNone);
        if (isZeroing)
        {
            _bytes.AsSpan(first, bytes).Clear();
        }

        for (int granule = first / 16; granule * 16 < first + bytes; granule++)
        {
            _tags[granule] = (byte)(granule * 16 / _pageBytes == UntaggedPage ? 0 : tag);
        }
    }

    // None of these may be visible.
    private void Disturb(int kind, int place)
    {
        switch (kind)
        {
            case 93:
                _core.InvalidateAll();
                break;
            case 94:
                _core.InvalidatePage(_base + (ulong)(place % _bytes.Length));
                break;
            case 95:
                _memory.CleanInvalidateTags(Frames[place % Pages]);
                break;
            case 96:
                _memory.WriteBackAll();
                break;
            case < 99 when _memory.DirtyLines > 0:
                _memory.WriteBack(place % _memory.DirtyLines);
                break;
            case 99:
                byte[] tags = new byte[_pageBytes / 32];
                _memory.ReadTags(Frames[0], tags);
                _memory.WriteTags(Frames[0], tags);
                break;
        }
    }
}
