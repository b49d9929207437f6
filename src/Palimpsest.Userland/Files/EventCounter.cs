using System.Buffers.Binary;

namespace Palimpsest.Userland.Files;

internal sealed class EventNode() : Node(FileType | 0x180);

/// <summary>eventfd: a number that writes add to and a read takes (fs/eventfd.c).</summary>
/// <param name="isSemaphore">A read takes one.</param>
internal sealed class EventCounter(Node node, int flags, ulong count, bool isSemaphore) : OpenFile(node, flags)
{
    private ulong _count = count;

    public override bool IsSeekable => false;

    public override bool IsReadable => _count > 0;

    public override bool IsWritable => _count < ulong.MaxValue - 1;

    public override int Read(Memory<byte> into, long offset)
    {
        if (into.Length < sizeof(ulong))
        {
            throw new CallException(Errno.EINVAL);
        }

        if (_count == 0)
        {
            return WouldBlock;
        }

        ulong taken = isSemaphore ? 1 : _count;
        _count -= taken;
        BinaryPrimitives.WriteUInt64LittleEndian(into.Span, taken);
        return sizeof(ulong);
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset)
    {
        ulong added = from.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(from.Span) : ulong.MaxValue;
        if (added == ulong.MaxValue)
        {
            throw new CallException(Errno.EINVAL);
        }

        if (_count > ulong.MaxValue - 1 - added)
        {
            return WouldBlock;
        }

        _count += added;
        return sizeof(ulong);
    }
}
