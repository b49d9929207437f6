using Palimpsest.Steps;

namespace Palimpsest.Userland.Files;

internal sealed class ProcessNode() : Node(FileType | 0x180);

/// <summary>A process as pidfd_open names it; it can be read from when the process has ended, though nothing comes.</summary>
internal sealed class OpenProcess(Node node, int flags, GuestProcess process) : OpenFile(node, flags | ReadWrite)
{
    public GuestProcess Process => process;

    public override bool IsSeekable => false;

    public override bool IsReadable => process.Status is not null;

    public override bool IsWritable => false;

    public override int Read(Memory<byte> into, long offset) => throw new CallException(Errno.EINVAL);

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EINVAL);
}

internal sealed class MemoryNode() : Node(FileType | 0x180);

/// <summary>/proc/self/mem: bytes at their addresses, whatever rights they have (mem_rw, fs/proc/base.c, 6.12).</summary>
internal sealed class OpenMemory(Node node, int flags, GuestMemory memory) : OpenFile(node, flags)
{
    public override int Read(Memory<byte> into, long offset) =>
        Done(memory.Remote.Read((ulong)offset, into, isForced: true).Now(), into.Length);

    public override int Write(ReadOnlyMemory<byte> from, long offset) =>
        Done(memory.Remote.Write((ulong)offset, from, isForced: true).Now(), from.Length);

    private static int Done(int count, int wanted) => count == 0 && wanted > 0 ? throw new CallException(Errno.EIO) : count;
}
