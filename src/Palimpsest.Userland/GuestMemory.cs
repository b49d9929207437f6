using System.Buffers.Binary;
using System.Text;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland;

/// <summary>
/// The memory of one process as the kernel reaches it for system calls: areas by mmap and its kin, bytes by copies from and to
/// user space. In synchronous mode copies are tag checked, as on Linux.
/// </summary>
internal sealed class GuestMemory(KernelEntry kernel, Process process)
{
    public const int PageBytes = 4096;

    private const int PageShift = 12;
    private const int MostFaults = 100;
    private const int LongestString = 1 << 20;

    public Process Process { get; } = process;

    /// <summary>On whose behalf the kernel copies: the task that runs.</summary>
    public LinuxTask Task { get; set; } = process.Main;

    public AddressSpace Space => Process.Space;

    /// <summary>Page numbers of mmap's addresses end there.</summary>
    public ulong EndAddress => Space.Tables.EndPage << PageShift;

    /// <summary>Whether a range ends behind what tables reach.</summary>
    public bool IsBeyond(ulong address, ulong bytes) => bytes > EndAddress || address > EndAddress - bytes;

    public long MachineKibibytes => (long)kernel.Memory.System.Layout.Frames * (PageBytes >> 10);

    public bool CanTag => kernel.Memory.CanTag;

    private Palimpsest.Vocabulary.CpuId Cpu => Process.Cpu;

    /// <summary>Maps at a place, over whatever is there; or where there is room.</summary>
    /// <param name="at">Page-aligned address; null for anywhere.</param>
    /// <returns>The address; null when there is no room.</returns>
    public ulong? Map(ulong bytes, Protection protection, FileObject? file, long offset, bool isShared, ulong? at)
    {
        ulong pages = PagesOf(bytes);
        if (at is { } place)
        {
            Unmap(place, bytes);
            ulong? fixedAt = kernel.Mappings.Map(
                Space, pages, protection, file, (int)(offset >> PageShift), isShared, place >> PageShift).Now();
            return fixedAt << PageShift;
        }

        return kernel.Mappings.Map(Space, pages, protection, file, (int)(offset >> PageShift), isShared, at: null).Now() << PageShift;
    }

    public bool Unmap(ulong address, ulong bytes) =>
        kernel.Mappings.Unmap(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), Cpu).Now();

    /// <returns>False: PROT_MTE is not allowed there.</returns>
    public bool Protect(ulong address, ulong bytes, Protection protection) =>
        kernel.Mappings.Protect(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), protection, Cpu).Now();

    /// <summary>mremap: the pages move to another place.</summary>
    public ulong? Move(ulong address, ulong bytes, ulong newBytes, ulong? to) => kernel.Mappings.Move(
        Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), PagesOf(newBytes), Cpu, to >> PageShift).Now() << PageShift;

    public void Discard(ulong address, ulong bytes) =>
        kernel.Mappings.Discard(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), Cpu).Now();

    public void FreeLazily(ulong address, ulong bytes) =>
        kernel.Mappings.FreeLazily(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes)).Now();

    public void AdviseHuge(ulong address, ulong bytes, bool isWanted) =>
        kernel.Mappings.AdviseHuge(Space, address >> PageShift, (address >> PageShift) + PagesOf(bytes), isWanted, Cpu).Now();

    /// <summary>Whether every page of a range lies in some area.</summary>
    public bool IsMapped(ulong address, ulong bytes)
    {
        ulong page = address >> PageShift;
        ulong end = page + PagesOf(bytes);
        while (page < end && Space.Areas.Find(page) is { } area)
        {
            page = area.End;
        }

        return page >= end;
    }

    /// <summary>Whether any page of a range lies in an area.</summary>
    public bool IsInUse(ulong address, ulong bytes)
    {
        ulong start = address >> PageShift;
        ulong end = start + PagesOf(bytes);
        return Space.Areas.All.Any(area => area.Start < end && start < area.End);
    }

    /// <summary>Whether the page of an entry that is present is mapped more than once.</summary>
    public bool IsMappedByOthers(Pte entry)
    {
        if (entry.Has(Pte.SpecialBit))
        {
            return false;
        }

        Frame folio = kernel.Folios.HeadOf(entry.Frame);
        return kernel.Folios.MappingCount(folio) > 1 << kernel.Memory.Frames[folio].Order;
    }

    /// <summary>Copies from user space; how many bytes came before one that cannot be read.</summary>
    public int TryRead(ulong address, Span<byte> into, bool isChecked = true)
    {
        int done = 0;
        for (int faults = 0; done < into.Length; faults++)
        {
            Core core = Task.Core;
            AccessFault fault = core.Read(address + (ulong)done, into[done..], KindOfCopy(core, isChecked));
            int before = done;
            done = fault.IsNone ? into.Length : (int)(fault.Address - address);
            faults = done > before ? 0 : faults;
            if (!fault.IsNone && (faults > MostFaults || Task.TryResolve(fault).Now() is not null))
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Copies to user space; how many bytes went before one that cannot be written.</summary>
    public int TryWrite(ulong address, ReadOnlySpan<byte> from, bool isChecked = true)
    {
        int done = 0;
        for (int faults = 0; done < from.Length; faults++)
        {
            Core core = Task.Core;
            AccessFault fault = core.Write(address + (ulong)done, from[done..], KindOfCopy(core, isChecked));
            int before = done;
            done = fault.IsNone ? from.Length : (int)(fault.Address - address);
            faults = done > before ? 0 : faults;
            if (!fault.IsNone && (faults > MostFaults || Task.TryResolve(fault).Now() is not null))
            {
                break;
            }
        }

        return done;
    }

    /// <exception cref="CallException">EFAULT.</exception>
    public void Read(ulong address, Span<byte> into)
    {
        if (TryRead(address, into) < into.Length)
        {
            throw new CallException(Errno.EFAULT);
        }
    }

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public void Write(ulong address, ReadOnlySpan<byte> from)
    {
        if (TryWrite(address, from) < from.Length)
        {
            throw new CallException(Errno.EFAULT);
        }
    }

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public byte[] Read(ulong address, int bytes)
    {
        byte[] read = new byte[bytes];
        Read(address, read);
        return read;
    }

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public ulong ReadWord(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(Read(address, sizeof(ulong)));

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public uint ReadInt(ulong address) => BinaryPrimitives.ReadUInt32LittleEndian(Read(address, sizeof(uint)));

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public void WriteWord(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(address, bytes);
    }

    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public void WriteInt(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(address, bytes);
    }

    /// <summary>A string up to its zero, byte for byte.</summary>
    /// <inheritdoc cref="Read(ulong, Span{byte})"/>
    public string ReadString(ulong address)
    {
        List<byte> bytes = [];
        Span<byte> piece = stackalloc byte[PageBytes];
        while (bytes.Count < LongestString)
        {
            int inPage = PageBytes - (int)(address % PageBytes);
            int done = TryRead(address, piece[..inPage]);
            int end = piece[..done].IndexOf((byte)0);
            bytes.AddRange(piece[..(end < 0 ? done : end)]);
            if (end >= 0)
            {
                return Encoding.UTF8.GetString([.. bytes]);
            }

            if (done < inPage)
            {
                break;
            }

            address += (ulong)inPage;
        }

        throw new CallException(Errno.EFAULT);
    }

    public static ulong PagesOf(ulong bytes) => (bytes + PageBytes - 1) >> PageShift;

    private static AccessKind KindOfCopy(Core core, bool isChecked) =>
        isChecked && core.Registers.Tcf0 is TagFaultMode.Synchronous ? AccessKind.Data : AccessKind.UserCopy;
}
