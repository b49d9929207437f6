using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Cores;

/// <summary>A CPU in synchronous mode and a table with pages of every kind.</summary>
internal sealed class SmallCore
{
    public const ulong Tagged = 0x10_0000;
    public const ulong NextTagged = Tagged + 0x1000;
    public const ulong Plain = 0x20_0000;
    public const ulong ReadOnly = 0x30_0000;
    public const ulong Storage = 0x40_0000;
    public const ulong TaggedStorage = 0x50_0000;
    public const ulong Absent = 0x60_0000;

    public SmallCore(StorageTagAccess storageTags = StorageTagAccess.Ignored)
    {
        Memory = SmallMachine.Memory(options: new TaggedMemoryOptions { StorageTags = storageTags });
        StorageFrame = Memory.Layout.Storage[0].FirstFrame;
        Table[Tagged >> 12] = new Translation(5, IsReadable: true, IsWritable: true, IsTagged: true);
        Table[NextTagged >> 12] = new Translation(9, IsReadable: true, IsWritable: true, IsTagged: true);
        Table[Plain >> 12] = new Translation(6, IsReadable: true, IsWritable: true, IsTagged: false);
        Table[ReadOnly >> 12] = new Translation(7, IsReadable: true, IsWritable: false, IsTagged: true);
        Table[Storage >> 12] = new Translation(StorageFrame + 1, IsReadable: true, IsWritable: true, IsTagged: false);
        Table[TaggedStorage >> 12] = new Translation(StorageFrame + 1, IsReadable: true, IsWritable: true, IsTagged: true);
        Core = new Core(0, Memory, Table);
        Core.Registers.Ata0 = Core.Registers.Ata = true;
        Core.Registers.Tcf0 = TagFaultMode.Synchronous;
    }

    public TaggedMemory Memory { get; }

    public FlatTable Table { get; } = new();

    public Core Core { get; }

    public int StorageFrame { get; }

    public static ulong With(int tag, ulong address) => LogicalTag.With(address, tag);
}
