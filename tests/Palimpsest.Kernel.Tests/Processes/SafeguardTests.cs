using Palimpsest.Kernel.Processes;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tests.Programs;
using Palimpsest.Kernel.Tests.Scripts;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Processes.TestMachine;

namespace Palimpsest.Kernel.Tests.Processes;

/// <summary>
/// Each safeguard that one program alone can miss: left out, a random program, or a short one, breaks the law that it keeps.
/// Those that need two actors are explored elsewhere.
/// </summary>
public sealed class SafeguardTests
{
    [Theory]
    [InlineData(Safeguards.FaultOnAccess, "TAG-1")]
    [InlineData(Safeguards.SaveTagsByPfn, "TAG-2")]
    [InlineData(Safeguards.InvalidateTagsOnFree, "TAG-4")]
    [InlineData(Safeguards.InvalidateDataOnReserve, "TAG-4")]
    [InlineData(Safeguards.ReserveZeroPage, "TAG-4")]
    [InlineData(Safeguards.ForgetTagsOnFree, "TAG-6")]
    public void WithoutItARandomProgramBreaksALaw(Safeguards left, string law)
    {
        Exception broken = Assert.ThrowsAny<Exception>(() => Play(Safeguards.All & ~left));

        Assert.Contains(law, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithAllOfThemTheSameProgramHolds() => Play(Safeguards.All);

    // R26: one reference for a huge page lends its blocks when the first of its pages is freed.
    [Fact]
    public void BlocksCountPages() => Assert.Equal("TAG-2", FirstLaw(BlocksOf(1), Safeguards.CountByPage));

    // R25: with blocks of two pages, RFC v2 took a neighbour's blocks too and never gave them back.
    [Fact]
    public void AFolioTakesItsOwnBlocksOnly() => Assert.Equal("TAG-2", FirstLaw(BlocksOf(2), Safeguards.ExactBlockCount));

    [Fact]
    public void SplitHugePagesBalanceWithAllOfThem()
    {
        Assert.Null(FirstLaw(BlocksOf(1), Safeguards.None));
        Assert.Null(FirstLaw(BlocksOf(2), Safeguards.None));
    }

    // R21: the kernel looks at tags that have no storage, and finds somebody's data.
    [Fact]
    public void PtraceWithoutAFaultReadsWhatIsNotTags()
    {
        LinuxMachine machine = TestMachine.New(without: Safeguards.PtraceFaultsFirst);
        Process process = machine.Start("test");
        ulong at = process.Map(Page, Plain);
        process.Store(at, 1);
        Assert.True(process.Protect(at, Page, Tagged));

        process.PokeTags(at, [3]);

        Assert.Contains(machine.Audit(), violation => violation.Law == "TAG-4");
    }

    /// <summary>Law that a tagged huge page breaks which is split and freed in part; null for none.</summary>
    private static string? FirstLaw(MemoryLayout layout, Safeguards left)
    {
        LinuxMachine machine = TestMachine.New(layout, left, huge: true);
        Process process = machine.Start("test");
        ulong at = process.Map(512 * Page, Tagged);
        process.Store(at, 1);
        process.Unmap(at, 64 * Page);
        IReadOnlyList<LawViolation> broken = machine.Audit();
        return broken.Count == 0 ? null : broken[0].Law;
    }

    private static MemoryLayout BlocksOf(int frames) =>
        TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, (ulong)(frames * Page));

    private static void Play(Safeguards safeguards)
    {
        LinuxMachineOptions options = new() { Cpus = 2, SwapPages = 600, Safeguards = safeguards };
        ProgramRun run = new(TestBoards.Layout("flat 8 MiB, small blocks"), Rfc3(), options);
        run.Play(Enumerable.Range(0, 20_000).Select(step => ProgramStep.Number(3, (ulong)step)));
    }
}
