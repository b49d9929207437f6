using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Cores;

/// <summary>
/// Instructions that load and store tags. On memory that is not Normal-Tagged, or where tag access is disabled, stores of
/// tags are dropped and loads give 0; their data parts are performed. None of them is tag checked.
/// </summary>
public sealed unsafe partial class Core
{
    /// <summary>Bytes whose tags LDGM and STGM move: 4 &lt;&lt; GMID_EL1.BS, with BS = 6.</summary>
    public const int MultipleBlockBytes = 256;

    /// <summary>Bytes that DC GVA, DC GZVA and STZGM set: 4 &lt;&lt; DCZID_EL0.BS, with BS = 4.</summary>
    public const int ZeroBlockBytes = 64;

    private const int Granule = TagGeometry.GranuleBytes;

    /// <summary>LDG: the tag of the address's granule goes into bits 59:56 of <paramref name="value"/>, the rest stays.</summary>
    public AccessFault Ldg(ulong address, ref ulong value)
    {
        if (Registers.AllowsTags(ExceptionLevel.El0) && _tlb.Short.TagsToLoad(address) is var tags && tags != null)
        {
            value = LogicalTag.With(value, tags[(address >> 5) & (TagMap.LineBytes - 1)] >> (int)(address / 4 & 4));
            return default;
        }

        AccessFault fault = ProbeTags(address, isWrite: false, ExceptionLevel.El0, out int frame, out bool isTagged);
        if (fault.IsNone)
        {
            value = LogicalTag.With(value, isTagged ? _memory.ReadTag(frame, OffsetOf(address) / Granule) : 0);
        }

        return fault;
    }

    /// <summary>STG: the tag of <paramref name="source"/> for one granule.</summary>
    public AccessFault Stg(ulong address, ulong source) => StoreTags(address, LogicalTag.Of(source), 1, isZeroing: false);

    /// <summary>ST2G: for two granules.</summary>
    public AccessFault St2g(ulong address, ulong source) => StoreTags(address, LogicalTag.Of(source), 2, isZeroing: false);

    /// <summary>STZG: as STG, and zeros the data.</summary>
    public AccessFault Stzg(ulong address, ulong source) => StoreTags(address, LogicalTag.Of(source), 1, isZeroing: true);

    /// <summary>STZ2G: as ST2G, and zeros the data.</summary>
    public AccessFault Stz2g(ulong address, ulong source) => StoreTags(address, LogicalTag.Of(source), 2, isZeroing: true);

    /// <summary>STGP: a pair of registers, and the tag of the address, to one granule.</summary>
    public AccessFault Stgp(ulong address, ulong first, ulong second)
    {
        AccessFault fault = StoreTags(address, LogicalTag.Of(address), 1, isZeroing: false);
        if (fault.IsNone)
        {
            _tlb.TryFind(_table, PageOf(address), out Translation translation);
            _memory.Store64(translation.Frame, OffsetOf(address), first);
            _memory.Store64(translation.Frame, OffsetOf(address) + sizeof(ulong), second);
        }

        return fault;
    }

    /// <summary>DC GVA: the tag of the address for the block that it lies in.</summary>
    public AccessFault DcGva(ulong address) => StoreBlock(address, LogicalTag.Of(address), isZeroing: false, ExceptionLevel.El0);

    /// <summary>DC GZVA: as DC GVA, and zeros the data.</summary>
    public AccessFault DcGzva(ulong address) => StoreBlock(address, LogicalTag.Of(address), isZeroing: true, ExceptionLevel.El0);

    /// <summary>STZGM, of EL1: the tag in bits 3:0 of <paramref name="source"/> for a zeroed block.</summary>
    public AccessFault Stzgm(ulong address, ulong source) => StoreBlock(address, (int)source & 15, isZeroing: true, ExceptionLevel.El1);

    /// <summary>LDGM, of EL1: tags of the block that the address lies in, the lowest granule in bits 3:0.</summary>
    public AccessFault Ldgm(ulong address, out ulong tags)
    {
        tags = 0;
        address &= ~(ulong)(MultipleBlockBytes - 1);
        AccessFault fault = ProbeTags(address, isWrite: false, ExceptionLevel.El1, out int frame, out bool isTagged);
        for (int granule = 0; fault.IsNone && isTagged && granule < MultipleBlockBytes / Granule; granule++)
        {
            tags |= (ulong)_memory.ReadTag(frame, (OffsetOf(address) / Granule) + granule) << (granule * TagGeometry.TagBits);
        }

        return fault;
    }

    /// <summary>STGM, of EL1: the reverse of <see cref="Ldgm"/>.</summary>
    public AccessFault Stgm(ulong address, ulong tags)
    {
        address &= ~(ulong)(MultipleBlockBytes - 1);
        AccessFault fault = ProbeTags(address, isWrite: true, ExceptionLevel.El1, out int frame, out bool isTagged);
        for (int granule = 0; fault.IsNone && isTagged && granule < MultipleBlockBytes / Granule; granule++)
        {
            int tag = (int)(tags >> (granule * TagGeometry.TagBits)) & 15;
            _memory.WriteTag(frame, (OffsetOf(address) / Granule) + granule, tag);
        }

        return fault;
    }

    private AccessFault StoreBlock(ulong address, int tag, bool isZeroing, ExceptionLevel level) =>
        StoreTags(address & ~(ulong)(ZeroBlockBytes - 1), tag, ZeroBlockBytes / Granule, isZeroing, level);

    private AccessFault StoreTags(ulong address, int tag, int granules, bool isZeroing, ExceptionLevel level = ExceptionLevel.El0)
    {
        if (address % Granule != 0)
        {
            return new AccessFault(FaultKind.Alignment, IsWrite: true, address);
        }

        // All of it can be stored, or none is; the last granule may lie in the next page.
        ulong last = address + (ulong)((granules - 1) * Granule);
        if (Registers.AllowsTags(level) && _tlb.Short.TagsToStore(address, last) is var tags && tags != null)
        {
            StoreTagsAtOnce(tags, address, tag, granules, isZeroing);
            return default;
        }

        AccessFault fault = ProbeTags(address, isWrite: true, level, out int frame, out bool isTagged);
        if (fault.IsNone && PageOf(last) != PageOf(address))
        {
            fault = ProbeTags(last, isWrite: true, level, out int lastFrame, out bool isLastTagged);
            if (fault.IsNone)
            {
                StoreTag(last, lastFrame, isLastTagged, tag, isZeroing);
                granules--;
            }
        }

        for (int granule = 0; fault.IsNone && granule < granules; granule++)
        {
            StoreTag(address + (ulong)(granule * Granule), frame, isTagged, tag, isZeroing);
        }

        return fault;
    }

    /// <param name="tags">Those of the line that all granules are of, which is to be written back already.</param>
    private void StoreTagsAtOnce(byte* tags, ulong address, int tag, int granules, bool isZeroing)
    {
        if (isZeroing)
        {
            new Span<byte>(_tlb.Short.Data(address), granules * Granule).Clear();
        }

        for (int granule = 0; granule < granules; granule++, address += Granule)
        {
            byte* pair = tags + ((address >> 5) & (TagMap.LineBytes - 1));
            int shift = (int)(address / 4 & 4);
            *pair = (byte)((*pair & ~(15 << shift)) | tag << shift);
        }
    }

    private void StoreTag(ulong address, int frame, bool isTagged, int tag, bool isZeroing)
    {
        int offset = OffsetOf(address);
        if (isZeroing)
        {
            _memory.Write(frame, offset, stackalloc byte[Granule]);
        }

        if (isTagged)
        {
            _memory.WriteTag(frame, offset / Granule, tag);
        }
    }

    /// <param name="isTagged">The tag is really loaded or stored.</param>
    private AccessFault ProbeTags(ulong address, bool isWrite, ExceptionLevel level, out int frame, out bool isTagged)
    {
        AccessFault fault = Translate(address, isWrite, out Translation translation);
        frame = translation.Frame;
        isTagged = translation.IsTagged && Registers.AllowsTags(level);
        return fault.IsNone && isTagged && _memory.Tags.Faults(frame)
            ? new AccessFault(FaultKind.TagStorage, isWrite, address)
            : fault;
    }
}
