using System.Buffers.Binary;

namespace Palimpsest.Traces.PerfData;

/// <summary>
/// Which values the samples of an event hold, in the order of include/uapi/linux/perf_event.h: identifier, address, thread,
/// time, address, id, stream, CPU and period of 8 bytes each, then values read, the call chain and the tracepoint's record.
/// </summary>
internal sealed class SampleLayout
{
    private const ulong Ip = 1;
    private const ulong Tid = 1 << 1;
    private const ulong TimeBit = 1 << 2;
    private const ulong Addr = 1 << 3;
    private const ulong Read = 1 << 4;
    private const ulong CallChain = 1 << 5;
    private const ulong Id = 1 << 6;
    private const ulong CpuBit = 1 << 7;
    private const ulong Period = 1 << 8;
    private const ulong StreamId = 1 << 9;
    private const ulong Raw = 1 << 10;
    private const ulong Identifier = 1 << 16;
    private const ulong ReadGroup = 8;

    private readonly ulong _samples;
    private readonly ulong _values;

    public SampleLayout(ulong sampleType, ulong readFormat, bool hasTrailers)
    {
        _samples = sampleType;
        _values = readFormat;
        int at = 0;
        foreach (ulong bit in new[] { Identifier, Ip, Tid, TimeBit, Addr, Id, StreamId, CpuBit, Period })
        {
            ThreadAt = bit == Tid ? at + 4 : ThreadAt;
            TimeAt = bit == TimeBit ? at : TimeAt;
            CpuAt = bit == CpuBit ? at : CpuAt;
            at += (sampleType & bit) != 0 ? sizeof(ulong) : 0;
        }

        FixedBytes = at;
        if (hasTrailers)
        {
            TrailerBytes = sizeof(ulong) * (int)ulong.PopCount(sampleType & (Tid | TimeBit | Id | StreamId | CpuBit | Identifier));
            TrailerTimeAt = (sampleType & Tid) != 0 ? sizeof(ulong) : 0;
        }
    }

    /// <summary>Do samples tell time, thread, CPU and what the tracepoint says?</summary>
    public bool IsComplete => (_samples & (Tid | TimeBit | CpuBit | Raw)) == (Tid | TimeBit | CpuBit | Raw);

    /// <summary>Do samples begin with the number of their event?</summary>
    public bool HasIdentifier => (_samples & Identifier) != 0;

    public int ThreadAt { get; }

    public int TimeAt { get; }

    public int CpuAt { get; }

    public int FixedBytes { get; }

    /// <summary>What follows the other records: the same values again, without addresses; 0 if nothing does.</summary>
    public int TrailerBytes { get; }

    public int TrailerTimeAt { get; }

    /// <summary>The tracepoint's record of a sample; false if the sample is too short for what it must hold.</summary>
    public bool TryFindRecord(ReadOnlySpan<byte> sample, out ReadOnlySpan<byte> record)
    {
        record = default;
        long at = FixedBytes;
        if (sample.Length < FixedBytes || !TrySkipValues(sample, ref at))
        {
            return false;
        }

        if ((_samples & CallChain) != 0)
        {
            if (at > sample.Length - sizeof(ulong))
            {
                return false;
            }

            ulong frames = BinaryPrimitives.ReadUInt64LittleEndian(sample[(int)at..]);
            at += sizeof(ulong) * (1 + (long)Math.Min(frames, ushort.MaxValue));
        }

        if (at > sample.Length - sizeof(uint))
        {
            return false;
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(sample[(int)at..]);
        at += sizeof(uint);
        if (size > sample.Length - at)
        {
            return false;
        }

        record = sample.Slice((int)at, (int)size);
        return true;
    }

    // Of one event: value, times, id, lost. Of a group: number, times, and for each value, id, lost.
    private bool TrySkipValues(ReadOnlySpan<byte> sample, ref long at)
    {
        if ((_samples & Read) == 0)
        {
            return true;
        }

        int times = (int)ulong.PopCount(_values & 3);
        int each = 1 + (int)ulong.PopCount(_values & (4 | 16));
        if ((_values & ReadGroup) == 0)
        {
            at += sizeof(ulong) * (times + each);
            return true;
        }

        if (at > sample.Length - sizeof(ulong))
        {
            return false;
        }

        ulong count = Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(sample[(int)at..]), ushort.MaxValue);
        at += sizeof(ulong) * (1 + times + ((long)count * each));
        return true;
    }
}
