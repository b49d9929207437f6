using System.Buffers.Binary;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Userland.Files;

internal sealed class UserfaultNode() : Node(FileType | 0x180);

/// <summary>A thread whose access waits until a range is woken (struct userfaultfd_wait_queue).</summary>
internal sealed record FaultWait(ulong Page, ulong Flags)
{
    public bool IsWoken { get; set; }
}

/// <summary>A userfaultfd: faults of the areas that it watches are read from it, and wait until it resolves them (fs/userfaultfd.c,
/// 6.12).</summary>
internal sealed class OpenUserfault(Node node, int flags, GuestMemory memory) : OpenFile(node, flags | ReadWrite), IFaultWatcher
{
    private const int MessageBytes = 32;
    private const byte PageFaultEvent = 0x12;
    private const ulong IsWriteFlag = 1;
    private const ulong IsProtectedFlag = 2;

    private readonly Queue<FaultWait> _untold = new();
    private readonly List<FaultWait> _waiting = [];

    public GuestMemory Memory => memory;

    /// <summary>UFFDIO_API has been called: nothing goes before.</summary>
    public bool IsReady { get; set; }

    public override bool IsSeekable => false;

    public override bool IsReadable => _untold.Count > 0;

    public override bool IsWritable => false;

    public void Tell(ulong page, bool isWrite, bool isProtected)
    {
        FaultWait wait = new(page, (isWrite ? IsWriteFlag : 0) | (isProtected ? IsProtectedFlag : 0));
        _untold.Enqueue(wait);
        _waiting.Add(wait);
        memory.LastWait = wait;
    }

    /// <summary>Whoever waits for a page of [start, end) tries again; what was not read is not told any more.</summary>
    public void Wake(ulong start, ulong end)
    {
        foreach (FaultWait wait in _waiting.Where(wait => wait.Page >= start && wait.Page < end))
        {
            wait.IsWoken = true;
        }

        _waiting.RemoveAll(wait => wait.IsWoken);
        FaultWait[] left = [.. _untold.Where(wait => !wait.IsWoken)];
        _untold.Clear();
        foreach (FaultWait wait in left)
        {
            _untold.Enqueue(wait);
        }
    }

    public override int Read(Memory<byte> into, long offset)
    {
        if (!IsReady || into.Length < MessageBytes)
        {
            throw new CallException(Errno.EINVAL);
        }

        int done = 0;
        for (; done + MessageBytes <= into.Length && _untold.TryDequeue(out FaultWait? wait); done += MessageBytes)
        {
            Span<byte> message = into.Span.Slice(done, MessageBytes);
            message.Clear();
            message[0] = PageFaultEvent;
            BinaryPrimitives.WriteUInt64LittleEndian(message[8..], wait.Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(message[16..], wait.Page * GuestMemory.PageBytes);
        }

        return done == 0 ? WouldBlock : done;
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EINVAL);

    public override void Close()
    {
        foreach ((VmArea area, ulong address, ulong bytes) in memory.Pieces(0, memory.EndAddress))
        {
            if (ReferenceEquals(area.Watcher, this))
            {
                memory.Unwatch(address, bytes);
            }
        }

        Wake(0, ulong.MaxValue);
    }
}
