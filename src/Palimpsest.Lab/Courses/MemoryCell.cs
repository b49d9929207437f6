using Palimpsest.Kernel.Frames;

namespace Palimpsest.Lab.Courses;

/// <summary>What the pages of a cell of the map hold. Values are stable: pages and messages store them.</summary>
internal enum CellKind : byte
{
    Absent = 0,
    Free = 1,
    InUse = 2,

    /// <summary>In use, and the smaller part of it tagged.</summary>
    SomeTagged = 3,

    /// <summary>Half or more of what is in use is tagged.</summary>
    Tagged = 4,
    StorageFree = 5,

    /// <summary>Tag storage that holds data.</summary>
    StorageLent = 6,

    /// <summary>Tag storage, the smaller part of what is used reserved for tags.</summary>
    SomeReserved = 7,

    /// <summary>Tag storage, half or more of what is used reserved for tags.</summary>
    StorageReserved = 8,

    /// <summary>Firmware's, or the kernel's since boot.</summary>
    Kept = 9,
}

/// <summary>A cell of the map: what it holds, and how much of it is in use.</summary>
/// <param name="Fill">0 nothing, 1 to 4 up to so many quarters, 5 all.</param>
internal readonly record struct MemoryCell(CellKind Kind, int Fill)
{
    /// <summary>Steps of the fill, from 0 on.</summary>
    public const int Fills = 6;

    /// <summary>Both in one number, below 60.</summary>
    public byte Code => (byte)(((int)Kind * Fills) + Fill);

    /// <summary>The cell of a number.</summary>
    public static MemoryCell Of(byte code) => new((CellKind)(code / Fills), code % Fills);

    /// <param name="counts">Frames in each <see cref="PageUse"/>.</param>
    internal static MemoryCell Of(ReadOnlySpan<int> counts)
    {
        int lent = counts[(int)PageUse.StorageLent];
        int reserved = counts[(int)PageUse.StorageReserved];
        int storage = counts[(int)PageUse.StorageFree] + lent + reserved;
        int tagged = counts[(int)PageUse.Tagged];
        int kept = counts[(int)PageUse.Kept];
        int used = counts[(int)PageUse.InUse] + tagged + kept;
        int data = counts[(int)PageUse.Free] + used;
        if (storage > data)
        {
            return new MemoryCell(KindOfStorage(lent, reserved), FillOf(lent + reserved, storage));
        }

        CellKind kind = (used, data) switch
        {
            (_, 0) => CellKind.Absent,
            (0, _) => CellKind.Free,
            _ when tagged * 2 >= used => CellKind.Tagged,
            _ when kept * 2 > used => CellKind.Kept,
            _ => tagged > 0 ? CellKind.SomeTagged : CellKind.InUse,
        };
        return new MemoryCell(kind, FillOf(used, data));
    }

    private static CellKind KindOfStorage(int lent, int reserved) => (lent, reserved) switch
    {
        (0, 0) => CellKind.StorageFree,
        (_, 0) => CellKind.StorageLent,
        _ => reserved >= lent ? CellKind.StorageReserved : CellKind.SomeReserved,
    };

    private static int FillOf(int used, int all) => used == 0 ? 0 : used == all ? Fills - 1 : 1 + (used * (Fills - 2) / all);
}

/// <summary>What one page is used for. Values are stable: messages store them.</summary>
public enum PageUse : byte
{
    /// <summary>No page: a hole, or padding.</summary>
    Absent = 0,

    /// <summary>On a free list or a per-CPU list.</summary>
    Free = 1,

    /// <summary>Data.</summary>
    InUse = 2,

    /// <summary>Data with tags.</summary>
    Tagged = 3,

    /// <summary>Tag storage that is lent and free.</summary>
    StorageFree = 4,

    /// <summary>Tag storage that holds data.</summary>
    StorageLent = 5,

    /// <summary>Tag storage that holds tags.</summary>
    StorageReserved = 6,

    /// <summary>Never the allocator's.</summary>
    Kept = 7,
}

/// <summary>What pages are used for, read off their frames.</summary>
internal static class PageUses
{
    public const int Count = (int)PageUse.Kept + 1;

    /// <param name="head">First frame of the folio or chunk.</param>
    /// <param name="isStorage">The page lies in tag storage.</param>
    public static PageUse Of(in PageFrame head, bool isStorage) => (head.State, isStorage) switch
    {
        (FrameState.Absent, _) => PageUse.Absent,
        (FrameState.Held, true) => PageUse.StorageReserved,
        (FrameState.Free or FrameState.PerCpu, true) => PageUse.StorageFree,
        (FrameState.Allocated, true) => PageUse.StorageLent,
        (FrameState.Free or FrameState.PerCpu or FrameState.Ready, false) => PageUse.Free,
        (FrameState.Allocated, false) => head.Has(FrameFlags.Tagged) ? PageUse.Tagged : PageUse.InUse,
        (FrameState.Held, false) => PageUse.InUse,
        _ => PageUse.Kept,
    };
}
