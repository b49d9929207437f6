using System.Buffers.Binary;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Files;

/// <summary>
/// signalfd: signals that are pending are read instead of delivered (fs/signalfd.c, 6.12). They are those of the process that made
/// it, also where another one has it by fork.
/// </summary>
internal sealed class OpenSignals(Node node, int flags, GuestProcess process) : OpenFile(node, flags)
{
    private const int EntryBytes = 128;

    /// <summary>Signals that can be read, one bit each.</summary>
    public ulong Set { get; set; }

    public override bool IsSeekable => false;

    public override bool IsReadable => Queues().Any(queue => queue.Exists(IsWanted));

    public override int Read(Memory<byte> into, long offset)
    {
        if (into.Length < EntryBytes)
        {
            throw new CallException(Errno.EINVAL);
        }

        int done = 0;
        foreach (List<SignalInfo> queue in Queues())
        {
            for (int index; done + EntryBytes <= into.Length && (index = queue.FindIndex(IsWanted)) >= 0; done += EntryBytes)
            {
                Write(into.Span.Slice(done, EntryBytes), queue[index]);
                queue.RemoveAt(index);
            }
        }

        return done == 0 ? WouldBlock : done;
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EINVAL);

    private bool IsWanted(SignalInfo info) =>
        (SignalNumber.Bit(info.Number) & Set) != 0 && info.Number is not (SignalNumber.Kill or SignalNumber.Stop);

    private IEnumerable<List<SignalInfo>> Queues() =>
        process.Threads.Where(thread => !thread.HasEnded).Select(thread => thread.Pending).Append(process.Pending);

    /// <summary>struct signalfd_siginfo.</summary>
    private static void Write(Span<byte> entry, SignalInfo info)
    {
        entry.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(entry, info.Number);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], info.Code);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], info.Sender);
        BinaryPrimitives.WriteInt32LittleEndian(entry[40..], (int)info.Value);
        BinaryPrimitives.WriteInt32LittleEndian(entry[44..], (int)info.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[48..], info.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[72..], info.Address);
    }
}
