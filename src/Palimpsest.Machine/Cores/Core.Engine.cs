using System.Runtime.CompilerServices;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Cores;

/// <summary>What an engine that executes instructions asks for: places, whole accesses of any size, and code.</summary>
public sealed partial class Core
{
    /// <summary>Told when translations are forgotten.</summary>
    public ITranslationListener? Listener { get; set; }

    /// <summary>DRAM and caches that it reaches.</summary>
    public TaggedMemory Memory => _memory;

    /// <summary>Logarithm of the bytes of a page.</summary>
    public int PageShift => _pageShift;

    /// <summary>The entries that <see cref="Place"/> looks at, for compiled code that looks by itself; they stay where they are.</summary>
    public unsafe ShortWay* ShortWays => _short;

    /// <summary>An address shifted right by <see cref="ShortWay.AddressShift"/>, and this, is the place of its entry in bytes.</summary>
    public ulong ShortWayMask => _shortMask;

    /// <summary>Makes room for more short ways: a whole program reaches more memory than the scenarios that drive most cores.</summary>
    /// <param name="count">A power of two.</param>
    public unsafe void WidenShortWays(int count)
    {
        _tlb.Short.Widen(count);
        _short = _tlb.Short.First;
        _shortMask = _tlb.Short.OffsetMask;
    }

    /// <summary>Whether there ever was a short way on which tags are compared: until then compiled code need not.</summary>
    public bool ChecksTags => _tlb.Short.HasChecked;

    /// <summary>
    /// Where an access of at most 16 bytes can be performed at once, its tag already compared; null where it has to take the
    /// long way. Valid until anything else happens on the machine.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe byte* Place(ulong address, int bytes, bool isWrite) => Reach(address, bytes, isWrite);

    /// <summary>One load, which may cross into the next page; nothing is read when any byte of it faults.</summary>
    public unsafe AccessFault Load(ulong address, Span<byte> into, AccessKind kind)
    {
        AccessFault fault = Probe(address, into.Length, isWrite: false, kind);
        if (fault.IsNone && _tlb.Short.DataOf(address, into.Length, isWrite: false) is var place && place != null)
        {
            new ReadOnlySpan<byte>(place, into.Length).CopyTo(into);
            return default;
        }

        return fault.IsNone ? ReadUnchecked(address, into) : fault;
    }

    /// <summary>One store, which may cross into the next page; nothing is written when any byte of it faults.</summary>
    public unsafe AccessFault Store(ulong address, ReadOnlySpan<byte> from, AccessKind kind)
    {
        AccessFault fault = Probe(address, from.Length, isWrite: true, kind);
        if (fault.IsNone && _tlb.Short.DataOf(address, from.Length, isWrite: true) is var place && place != null)
        {
            from.CopyTo(new Span<byte>(place, from.Length));
            return default;
        }

        return fault.IsNone ? WriteUnchecked(address, from) : fault;
    }

    /// <summary>Whether a single access, which may cross into the next page, can be performed as a whole.</summary>
    /// <param name="alsoReads">A write that reads too, as atomics do: where modes differ by direction, it is a read.</param>
    public AccessFault Probe(ulong address, int bytes, bool isWrite, AccessKind kind = AccessKind.Data, bool alsoReads = false)
    {
        int inPage = Math.Min(bytes, _pageBytes - OffsetOf(address));
        AccessFault fault = Probe(address, inPage, isWrite, kind, out _, alsoReads);
        return fault.IsNone && inPage < bytes
            ? Probe(address + (ulong)inPage, bytes - inPage, isWrite, kind, out _, alsoReads)
            : fault;
    }

    /// <summary>Whether instructions of a page may be fetched, and which frame they lie in.</summary>
    public AccessFault Fetch(ulong address, out int frame)
    {
        bool isMapped = _tlb.TryFind(_table, PageOf(address), out Translation translation);
        frame = translation.Frame;
        return isMapped && translation.IsExecutable
            ? default
            : new AccessFault(isMapped ? FaultKind.Permission : FaultKind.Translation, IsWrite: false, address, IsFetch: true);
    }

    /// <summary>Stores to a frame take the long way from now on, where they are noticed.</summary>
    public void ForgetWrites(int frame) => _tlb.Short.ForgetWrites(frame);
}
