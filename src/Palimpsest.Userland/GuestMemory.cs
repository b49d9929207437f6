using System.Buffers.Binary;
using System.Text;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Userland.Files;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland;

/// <summary>
/// The memory of one process as the kernel reaches it for system calls: areas by mmap and its kin, bytes by copies from and to
/// user space. In synchronous mode copies are tag checked, as on Linux.
/// </summary>
internal sealed partial class GuestMemory(KernelEntry kernel, Process process)
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

    /// <summary>get_user_pages of one page for reading, which a copy brings first; null: it cannot be read.</summary>
    /// <exception cref="FaultWaitException">The caller waits for a userfaultfd.</exception>
    public SplicedPage? PinToRead(ulong address) =>
        TryRead(address, new byte[1], isChecked: false) == 1 && Task.Calls.Pins.PinToRead(address).Now() is { } pin
            ? new SplicedPage(kernel, pin, Cpu) : null;

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
            if (!fault.IsNone && (faults > MostFaults || Task.TryResolve(fault).Now() is not null || MustWait()))
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
            if (!fault.IsNone && (faults > MostFaults || Task.TryResolve(fault).Now() is not null || MustWait()))
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
