using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Cores;

/// <summary>The long way: translation, permission, and the comparison of tags with all its rules.</summary>
public sealed partial class Core
{
    private AccessFault LoadSlowly(ulong address, Span<byte> into)
    {
        AccessFault fault = Probe(address, into.Length, isWrite: false);
        return fault.IsNone ? ReadUnchecked(address, into) : fault;
    }

    private AccessFault StoreSlowly(ulong address, ReadOnlySpan<byte> from)
    {
        AccessFault fault = Probe(address, from.Length, isWrite: true);
        return fault.IsNone ? WriteUnchecked(address, from) : fault;
    }

    /// <summary>How many of the bytes, at most to the end of the page, come before a fault.</summary>
    private int Reachable(ulong address, int bytes, bool isWrite, AccessKind kind, out int frame, out AccessFault fault)
    {
        int inPage = Math.Min(bytes, _pageBytes - OffsetOf(address));
        fault = Probe(address, inPage, isWrite, kind, out frame);
        return fault.IsNone ? inPage : (int)(fault.Address - address);
    }

    /// <summary>Whether bytes of one page can be accessed; a mismatch that is not reported at once is noted.</summary>
    private AccessFault Probe(ulong address, int bytes, bool isWrite, AccessKind kind, out int frame, bool alsoReads = false)
    {
        AccessFault fault = Translate(address, isWrite, out Translation translation);
        frame = translation.Frame;
        if (!fault.IsNone || !TagCheck.IsChecked(Registers, address, translation.IsTagged, kind))
        {
            return fault;
        }

        MismatchEffect effect = TagCheck.EffectOf(Registers.Tcf0, isWrite && !alsoReads);
        return effect == MismatchEffect.None ? default : Check(address, bytes, isWrite, frame, effect);
    }

    private AccessFault Check(ulong address, int bytes, bool isWrite, int frame, MismatchEffect effect)
    {
        if (_memory.Tags.Faults(frame))
        {
            return new AccessFault(FaultKind.TagStorage, isWrite, address);
        }

        int offset = OffsetOf(address);
        int first = offset / TagGeometry.GranuleBytes;
        int end = (offset + bytes + TagGeometry.GranuleBytes - 1) / TagGeometry.GranuleBytes;
        int other = _memory.Tags.FirstOther(frame, first, end, LogicalTag.Of(address));
        if (other < 0)
        {
            return default;
        }

        if (effect == MismatchEffect.Sticky)
        {
            TagCheck.Note(Registers, address, ExceptionLevel.El0);
            return default;
        }

        int behind = Math.Max(0, (other * TagGeometry.GranuleBytes) - offset);
        return new AccessFault(FaultKind.TagCheck, isWrite, address + (ulong)behind);
    }

    private AccessFault Translate(ulong address, bool isWrite, out Translation translation)
    {
        if (!_tlb.TryFind(_table, PageOf(address), out translation))
        {
            return new AccessFault(FaultKind.Translation, isWrite, address);
        }

        _tlb.Short.Add(LogicalTag.Untagged(address), translation);
        bool isAllowed = isWrite ? translation.IsWritable : translation.IsReadable;
        return isAllowed ? default : new AccessFault(FaultKind.Permission, isWrite, address);
    }

    private ulong PageOf(ulong address) => LogicalTag.Untagged(address) >> _pageShift;

    private int OffsetOf(ulong address) => (int)(address & (ulong)(_pageBytes - 1));
}
