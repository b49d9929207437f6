using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Cores;

/// <summary>
/// One CPU: what a program at EL0 does to its addresses, with tags checked as <see cref="Registers"/> say. An access that
/// faults had no effect, except that <see cref="Read"/> and <see cref="Write"/> did the bytes below the faulting address.
/// </summary>
/// <remarks>
/// An access within a granule whose page is in the TLB, in touched DRAM outside tag storage, and whose tag line is cached
/// takes the short way; every other one, and every mismatch, the long way, which knows all rules.
/// </remarks>
public sealed unsafe partial class Core
{
    private readonly TaggedMemory _memory;
    private readonly Tlb _tlb;
    private ShortWay* _short;
    private ulong _shortMask;
    private readonly int _pageShift;
    private readonly int _pageBytes;
    private PageTable _table;

    /// <summary>An empty TLB, tag checks off.</summary>
    public Core(int id, TaggedMemory memory, PageTable table)
    {
        Id = id;
        _memory = memory;
        _table = table;
        _tlb = new Tlb(memory);
        _short = _tlb.Short.First;
        _shortMask = _tlb.Short.OffsetMask;
        _pageShift = memory.Layout.Geometry.PageShift;
        _pageBytes = memory.Layout.Geometry.PageBytes;
    }

    /// <summary>Number of the CPU, from 0.</summary>
    public int Id { get; }

    /// <summary>TCF, TCO, RGSR, GCR and the like, as its program set them.</summary>
    public MteRegisters Registers { get; } = new();

    /// <summary>Switches to another address space and forgets all translations.</summary>
    public void Use(PageTable table)
    {
        _table = table;
        InvalidateAll();
    }

    /// <summary>TLBI of the page that an address lies in; due after every change of its table entry.</summary>
    public void InvalidatePage(ulong address)
    {
        _tlb.Invalidate(PageOf(address));
        Listener?.Forget(PageOf(address));
    }

    /// <summary>TLBI VMALLE1 on this CPU.</summary>
    public void InvalidateAll()
    {
        _tlb.Clear();
        Listener?.ForgetAll();
    }

    /// <summary>Reads and clears TFSRE0_EL1, as the kernel does when it is entered; true when a mismatch was noted.</summary>
    public bool TakeAsyncFault()
    {
        bool isFault = Registers.Tfsre0 != TagFaultStatus.None;
        Registers.Tfsre0 = TagFaultStatus.None;
        return isFault;
    }

    /// <summary>Loads eight bytes, little endian; the value is 0 where it faults.</summary>
    public AccessFault Load64(ulong address, out ulong value)
    {
        byte* place = Reach(address, sizeof(ulong), isWrite: false);
        if (place != null)
        {
            value = Unsafe.ReadUnaligned<ulong>(place);
            return default;
        }

        value = 0;
        return LoadSlowly(address, MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
    }

    /// <summary>Stores eight bytes, little endian.</summary>
    public AccessFault Store64(ulong address, ulong value)
    {
        byte* place = Reach(address, sizeof(ulong), isWrite: true);
        if (place != null)
        {
            Unsafe.WriteUnaligned(place, value);
            return default;
        }

        return StoreSlowly(address, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)));
    }

    /// <summary>Loads a byte; 0 where it faults.</summary>
    public AccessFault Load8(ulong address, out byte value)
    {
        byte* place = Reach(address, sizeof(byte), isWrite: false);
        if (place != null)
        {
            value = *place;
            return default;
        }

        value = 0;
        return LoadSlowly(address, new Span<byte>(ref value));
    }

    /// <summary>Stores a byte.</summary>
    public AccessFault Store8(ulong address, byte value)
    {
        byte* place = Reach(address, sizeof(byte), isWrite: true);
        if (place != null)
        {
            *place = value;
            return default;
        }

        return StoreSlowly(address, new ReadOnlySpan<byte>(in value));
    }

    /// <summary>A run of loads, lowest address first; checked unless the kind is exempt.</summary>
    public AccessFault Read(ulong address, Span<byte> into, AccessKind kind = AccessKind.Data)
    {
        AccessFault fault = default;
        while (fault.IsNone && !into.IsEmpty)
        {
            int done = Reachable(address, into.Length, isWrite: false, kind, out int frame, out fault);
            _memory.Read(frame, OffsetOf(address), into[..done]);
            into = into[done..];
            address += (ulong)done;
        }

        return fault;
    }

    /// <summary>A run of stores, lowest address first; checked unless the kind is exempt.</summary>
    public AccessFault Write(ulong address, ReadOnlySpan<byte> from, AccessKind kind = AccessKind.Data)
    {
        AccessFault fault = default;
        while (fault.IsNone && !from.IsEmpty)
        {
            int done = Reachable(address, from.Length, isWrite: true, kind, out int frame, out fault);
            if (done > 0)
            {
                _memory.Write(frame, OffsetOf(address), from[..done]);
            }

            from = from[done..];
            address += (ulong)done;
        }

        return fault;
    }

    /// <summary>The kernel's copy from user space: permissions count, tags do not.</summary>
    public AccessFault ReadUnchecked(ulong address, Span<byte> into) => Read(address, into, AccessKind.UserCopy);

    /// <summary>The kernel's copy to user space; see <see cref="ReadUnchecked"/>.</summary>
    public AccessFault WriteUnchecked(ulong address, ReadOnlySpan<byte> from) => Write(address, from, AccessKind.UserCopy);

    /// <summary>Place of an access that can be performed at once, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Reach(ulong address, int bytes, bool isWrite)
    {
        ulong untagged = LogicalTag.Untagged(address);
        ShortWay* entry = (ShortWay*)((byte*)_short + ((address >> ShortWay.AddressShift) & _shortMask));
        ulong key = (untagged + (uint)bytes - 1) >> ShortWay.Shift << ShortWay.Shift;
        ulong other = key ^ (isWrite ? entry->Write : entry->Read);
        return other == 0 || (other == ShortWay.Checked && Matches(entry->Tags, address, bytes)) ? entry->Data + untagged : null;
    }

    /// <summary>Whether the tag of the one granule, or of both, that are accessed is that of the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* tags, ulong address, int bytes)
    {
        bool isOne = (address & (TagGeometry.GranuleBytes - 1)) + (uint)bytes <= TagGeometry.GranuleBytes;
        return Matches(tags, address, address) && (isOne || MatchesNext(tags, address, address + (uint)bytes - 1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool MatchesNext(byte* tags, ulong address, ulong last) => Matches(tags, address, last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* tags, ulong address, ulong granule) =>
        (((tags[(granule >> 5) & (TagMap.LineBytes - 1)] >> (int)(granule / 4 & 4)) ^ (int)(address >> 56)) & 15) == 0;
}
