using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Machine.Tests.Caches;

/// <summary>A kernel that keeps the protocol, beside plain arrays of what it last wrote.</summary>
internal sealed class TwoViews
{
    private readonly TaggedMemory _memory;
    private readonly StorageRun _run;
    private readonly int _pageBytes;
    private readonly int _blockFrames;
    private readonly bool[] _isLent = new bool[2];
    private readonly Dictionary<int, byte[]> _data = [];
    private readonly Dictionary<int, byte[]> _tags = [];

    public TwoViews(TaggedMemory memory, int pageBytes, int blockFrames)
    {
        _memory = memory;
        _run = memory.Layout.Storage[0];
        _pageBytes = pageBytes;
        _blockFrames = blockFrames;
    }

    public void Step(int kind, int block, int page, int place, byte value)
    {
        // Some pages share a tag page, some share a block only; or the frames of the block itself.
        int group = block * 32 * _blockFrames;
        int data = _run.FirstCovered + group + (new[] { 0, 1, 2, 31 }[page % 4] + (page / 4 * (_blockFrames - 1) * 32));
        int storage = _run.FirstFrame + (block * _blockFrames) + (page % _blockFrames);
        bool isLent = _isLent[block];
        switch (kind)
        {
            case < 4:
                Turn(block);
                break;
            case < 25:
                Store(isLent && page % 2 == 0 ? storage : data, place % _pageBytes, value);
                break;
            case < 40:
                CheckData(isLent && page % 2 == 0 ? storage : data, place % _pageBytes);
                break;
            case < 60 when !isLent:
                StoreTag(data, place % (_pageBytes / 16), value);
                break;
            case < 75 when !isLent:
                CheckTag(data, place % (_pageBytes / 16));
                break;
            case < 85:
                Maintain(isLent, storage, data, place, value);
                break;
            case < 97:
                WriteBackOne(place);
                break;
            case 97:
                _memory.WriteBackAll();
                break;
            default:
                Copy(data, isLent ? storage : data ^ 1);
                break;
        }
    }

    /// <summary>Compares all that is known, through the caches and, after everything is written back, in DRAM.</summary>
    public void Audit()
    {
        foreach ((int frame, byte[] expected) in _data)
        {
            byte[] actual = new byte[_pageBytes];
            _memory.Read(frame, 0, actual);
            Assert.Equal(expected, actual);
        }

        byte[] packed = new byte[_pageBytes / 32];
        foreach ((int frame, byte[] expected) in _tags)
        {
            _memory.ReadTags(frame, packed);
            Assert.Equal(expected, Unpacked(packed));
        }

        _memory.WriteBackAll();
        Assert.Equal(0, _memory.DirtyLines);
        foreach ((int frame, byte[] expected) in _tags)
        {
            Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(granule => InDram(frame, granule)));
        }

        Assert.Equal(0, _memory.Corruptions.Total);
        Assert.Empty(_memory.Corruptions.First);
    }

    private static byte[] Unpacked(byte[] packed) => [.. packed.SelectMany(pair => new[] { (byte)(pair & 15), (byte)(pair >> 4) })];

    private byte InDram(int frame, int granule)
    {
        Palimpsest.Machine.Dram.TagPlace place = _memory.Map.PlaceOf(frame, granule);
        return (byte)(_memory.Dram.Peek(place.StorageFrame)[place.Offset] >> place.Shift & 15);
    }

    private void Turn(int block)
    {
        int first = _run.FirstFrame + (block * _blockFrames);
        int covered = _run.FirstCovered + (block * _blockFrames * 32);
        _isLent[block] = !_isLent[block];
        for (int index = 0; _isLent[block] && index < 32 * _blockFrames; index++)
        {
            _memory.InvalidateTags(covered + index);
            _tags.Remove(covered + index);
        }

        for (int frame = first; frame < first + _blockFrames; frame++)
        {
            if (_isLent[block])
            {
                _memory.SetContent(frame, StorageContent.Data);
                continue;
            }

            _memory.InvalidateData(frame);
            _memory.SetContent(frame, StorageContent.Tags);
            _data.Remove(frame);
        }
    }

    private byte[] Data(int frame)
    {
        if (!_data.TryGetValue(frame, out byte[]? bytes))
        {
            _memory.ZeroPage(frame);
            _data[frame] = bytes = new byte[_pageBytes];
        }

        return bytes;
    }

    private byte[] Tags(int frame)
    {
        if (!_tags.TryGetValue(frame, out byte[]? tags))
        {
            _memory.ClearTags(frame);
            _tags[frame] = tags = new byte[_pageBytes / 16];
        }

        return tags;
    }

    private void Store(int frame, int offset, byte value)
    {
        byte[] bytes = Data(frame);
        if (value % 4 == 0)
        {
            offset -= offset % 8;
            _memory.Store64(frame, offset, 0x0102030405060708UL * value);
            BitConverter.TryWriteBytes(bytes.AsSpan(offset), 0x0102030405060708UL * value);
            return;
        }

        int count = Math.Min(value, _pageBytes - offset);
        bytes.AsSpan(offset, count).Fill(value);
        _memory.Write(frame, offset, bytes.AsSpan(offset, count));
    }

    private void CheckData(int frame, int offset)
    {
        byte[] bytes = Data(frame);
        offset -= offset % 8;
        Assert.Equal(BitConverter.ToUInt64(bytes, offset), _memory.Load64(frame, offset));
    }

    private void StoreTag(int frame, int granule, byte value)
    {
        byte[] tags = Tags(frame);
        if (value % 8 == 0)
        {
            for (int index = 0; index < tags.Length; index++)
            {
                tags[index] = (byte)((value / 8) + index & 15);
            }

            byte[] packed = [.. Enumerable.Range(0, tags.Length / 2).Select(pair => (byte)(tags[pair * 2] | tags[(pair * 2) + 1] << 4))];
            _memory.WriteTags(frame, packed);
            return;
        }

        tags[granule] = (byte)(value & 15);
        _memory.WriteTag(frame, granule, value & 15);
    }

    private void CheckTag(int frame, int granule) => Assert.Equal(Tags(frame)[granule], _memory.ReadTag(frame, granule));

    // What the frames hold may be cleaned at any time; the other view has nothing, and may be invalidated too.
    private void Maintain(bool isLent, int storage, int data, int place, byte value)
    {
        CacheMaintenance[] ofData = [CacheMaintenance.Cvac, CacheMaintenance.Civac, CacheMaintenance.Ivac];
        CacheMaintenance[] ofTags = [CacheMaintenance.Cgvac, CacheMaintenance.Cigvac, CacheMaintenance.Igvac];
        CacheMaintenance data1 = ofData[value % (isLent ? 2 : 3)];
        CacheMaintenance tags1 = ofTags[value % (isLent ? 3 : 2)];
        _memory.MaintainLine(data1, storage, place % _pageBytes);
        _memory.MaintainLine(tags1, data, place % _pageBytes);
        _memory.MaintainLine(value % 2 == 0
            ? CacheMaintenance.Cgdvac
            : CacheMaintenance.Cigdvac, isLent
            ? storage
            : data, place % _pageBytes);
    }

    private void WriteBackOne(int place)
    {
        if (_memory.DirtyLines > 0)
        {
            int before = _memory.DirtyLines;
            _memory.WriteBack(place % before);
            Assert.Equal(before - 1, _memory.DirtyLines);
        }
    }

    private void Copy(int from, int to)
    {
        byte[] bytes = Data(from);
        _data[to] = [.. bytes];
        _memory.CopyPage(from, to);
    }
}
