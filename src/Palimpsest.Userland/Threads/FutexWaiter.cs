namespace Palimpsest.Userland.Threads;

/// <summary>What a futex is, whoever names it: a place in shared memory, or in one private memory.</summary>
internal readonly record struct FutexKey(int Space, int File, ulong Place);

/// <summary>A thread that waits for a futex.</summary>
internal sealed class FutexWaiter(GuestThread thread, FutexKey key, uint bits)
{
    public GuestThread Thread { get; } = thread;

    public FutexKey Key { get; set; } = key;

    public uint Bits { get; } = bits;

    public bool IsWoken { get; set; }
}
