namespace Palimpsest.Userland.Files;

/// <summary>What somebody wants to know of a descriptor, and what he is told with it.</summary>
internal sealed record PollInterest(OpenFile File, uint Events, ulong Data)
{
    /// <summary>Of EPOLLET and EPOLLONESHOT: what was told already.</summary>
    public uint Told { get; set; }
}

/// <summary>epoll: descriptors that are looked at together (fs/eventpoll.c).</summary>
internal sealed class EventPoll(Node node) : OpenFile(node, ReadWrite)
{
    public const uint In = 1;
    public const uint Out = 4;
    public const uint HangUp = 16;

    private const uint EdgeTriggered = 1u << 31;
    private const uint OneShot = 1u << 30;

    public SortedDictionary<int, PollInterest> Interests { get; } = [];

    public override bool IsSeekable => false;

    public override bool IsReadable => Ready(1, isTold: false).Count > 0;

    /// <summary>What is ready, at most so many; what is edge-triggered is told once while it lasts.</summary>
    public List<(uint Events, ulong Data)> Ready(int most, bool isTold)
    {
        List<(uint Events, ulong Data)> ready = [];
        foreach (PollInterest interest in Interests.Values)
        {
            uint events = EventsOf(interest.File) & (interest.Events | HangUp);
            bool isOnce = (interest.Events & (EdgeTriggered | OneShot)) != 0;
            uint fresh = isOnce ? events & ~interest.Told : events;
            if (fresh != 0 && ready.Count < most)
            {
                ready.Add((fresh, interest.Data));
                interest.Told = isTold && isOnce ? interest.Told | events : interest.Told;
            }
            else if (isTold && (interest.Events & OneShot) == 0)
            {
                interest.Told &= events;
            }
        }

        return ready;
    }

    public override int Read(Memory<byte> into, long offset) => throw new CallException(Errno.EINVAL);

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EINVAL);

    private static uint EventsOf(OpenFile file) => file is OpenPipe { CanRead: true, Pipe: var pipe }
        ? (pipe.Available > 0 ? In : 0) | (pipe.Writers == 0 ? HangUp : 0)
        : (file.CanRead && file.IsReadable ? In : 0) | (file.CanWrite && file.IsWritable ? Out : 0);
}
