using CsCheck;
using Palimpsest.Kernel.Tasks;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>A file is a row of bytes, whoever reads or writes it, by call or by mapping, and whatever is dropped meanwhile.</summary>
public sealed class FileLaws
{
    private const int Bytes = 6 * Page;

    private static readonly Gen<(int What, int Offset, int Length, byte Value)[]> Acts =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, Bytes - 1], Gen.Int[1, 2 * Page], Gen.Byte).Array[1, 40];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BytesAreThoseLastWrittenByWhomever(bool isMemory) => Law.Holds(Acts, 20, acts =>
    {
        LinuxMachine machine = New(swapPages: 64);
        Process process = machine.Start("user");
        SharedFile file = isMemory ? machine.CreateSharedMemory(Bytes) : machine.OpenFile(Bytes);
        ulong mapped = process.Map(file, Bytes, Plain, isShared: true);
        byte[] plain = new byte[Bytes];
        file.Read(0, plain);
        foreach ((int what, int offset, int wanted, byte value) in acts)
        {
            int length = Math.Min(wanted, Bytes - offset);
            byte[] bytes = [.. Enumerable.Repeat(value, length)];
            switch (what)
            {
                case 0:
                    file.Write(offset, bytes);
                    bytes.CopyTo(plain, offset);
                    break;
                case 1:
                    process.Write(mapped + (ulong)offset, bytes);
                    bytes.CopyTo(plain, offset);
                    break;
                case 2:
                    byte[] read = new byte[length];
                    file.Read(offset, read);
                    Assert.Equal(plain[offset..(offset + length)], read);
                    break;
                case 3:
                    byte[] seen = new byte[length];
                    process.Read(mapped + (ulong)offset, seen);
                    Assert.Equal(plain[offset..(offset + length)], seen);
                    break;
                case 4:
                    machine.Migrate(process, mapped + (ulong)offset);
                    break;
                case 5:
                    process.Unmap(mapped, Bytes);
                    mapped = process.Map(file, Bytes, Plain, isShared: true);
                    break;
                default:
                    machine.Reclaim(1 + (value % 12));
                    break;
            }

            Assert.InRange(file.CachedPages, 0, Bytes / Page);
        }

        Holds(machine);
    });

    [Fact]
    public void APrivateMappingSeesTheFileUntilItWrites() =>
        Law.Holds(Gen.Select(Gen.Int[0, 5], Gen.ULong[1, 1000], Gen.ULong[1, 1000], Gen.Bool), 40, drawn =>
        {
            (int page, ulong own, ulong other, bool reclaims) = drawn;
            LinuxMachine machine = New(swapPages: 64);
            Process process = machine.Start("user");
            SharedFile file = machine.OpenFile(Bytes);
            ulong copy = process.Map(file, Bytes, Plain, isShared: false) + ((ulong)page * Page);
            ulong shared = process.Map(file, Bytes, Plain, isShared: true) + ((ulong)page * Page);
            process.Store(shared, other);
            Assert.Equal(other, process.Load(copy));

            process.Store(copy + 8, own);
            process.Store(shared, other + 1);
            if (reclaims)
            {
                machine.Reclaim(20);
            }

            Assert.Equal((other, own), (process.Load(copy), process.Load(copy + 8)));
            Assert.Equal(other + 1, process.Load(shared));
            Assert.Equal(1, machine.Statistics.CopiesOnWrite);
            Holds(machine);
        });

    [Fact]
    public void WhoMapsTheSameMemorySeesTheSame() =>
        Law.Holds(Gen.Select(Gen.Int[0, 2], Gen.Int[0, Bytes / 8 - 1], Gen.ULong).Array[1, 30], 20, stores =>
        {
            LinuxMachine machine = New(swapPages: 64);
            SharedFile memory = machine.CreateSharedMemory(Bytes);
            (Process Process, ulong At)[] users = [.. Enumerable.Range(0, 3).Select(number =>
            {
                Process process = machine.Start($"user{number}");
                return (process, process.Map(memory, Bytes, number == 0 && machine.CanTag ? Tagged : Plain, isShared: true));
            })];
            foreach ((int who, int word, ulong value) in stores)
            {
                users[who].Process.Store(users[who].At + (8 * (ulong)word), value);

                Assert.All(users, user => Assert.Equal(value, user.Process.Load(user.At + (8 * (ulong)word))));
            }

            Holds(machine);
        });

    [Fact]
    public void AFileThatNobodyHasKeepsNoMemory()
    {
        LinuxMachine machine = New();
        Process process = machine.Start("user");
        SharedFile memory = machine.CreateSharedMemory(Bytes);
        ulong mapped = process.Map(memory, Bytes, Plain, isShared: true);
        process.Populate(mapped, Bytes);
        memory.Close();
        Assert.Equal(Bytes / Page, memory.CachedPages);

        process.Unmap(mapped, Bytes);

        Assert.Equal(0, memory.CachedPages);
        Holds(machine);
    }

    [Fact]
    public void APageThatIsDirtyWithoutAnEntryThatSaysSoStaysSoWhenItMoves()
    {
        LinuxMachine machine = New();
        Process process = machine.Start("user");
        SharedFile file = machine.OpenFile(Bytes);
        ulong mapped = process.Map(file, Bytes, Plain, isShared: true);
        file.Write(0, new byte[] { 9 });
        process.Load(mapped);

        Assert.True(machine.Migrate(process, mapped));
        machine.Reclaim(20);

        Assert.Equal(0, file.CachedPages);
        Assert.Equal(9, FirstByte(file));
        Holds(machine);
    }

    private static byte FirstByte(SharedFile file)
    {
        byte[] first = new byte[1];
        file.Read(0, first);
        return first[0];
    }

    [Fact]
    public void CleanPagesAreDroppedAndDirtyOnesAreWrittenFirst()
    {
        LinuxMachine machine = New();
        SharedFile file = machine.OpenFile(Bytes);
        file.Read(0, new byte[Bytes]);
        long reads = machine.Statistics.FileReads;
        file.Write(0, new byte[] { 1 });
        machine.Reclaim(20);
        machine.Reclaim(20);

        Assert.Equal(6, reads);
        Assert.Equal(0, file.CachedPages);
        Assert.Equal(1, machine.Statistics.FileWrites);
        byte[] first = new byte[1];
        file.Read(0, first);
        Assert.Equal(1, first[0]);
        Assert.Equal(reads + 1, machine.Statistics.FileReads);
    }
}
