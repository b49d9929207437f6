using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>
/// Tags of a huge page are those of each of its pages, whatever happens to it: mapped late, moved, copied in part, split.
/// </summary>
public sealed class HugeTagTests
{
    private const int Pages = 512;

    private readonly LinuxMachine _machine = TestMachine.New("flat 34 MiB", huge: true);
    private readonly Process _process;

    public HugeTagTests() => _process = _machine.Start("test");

    [Fact]
    public void TheFirstTaggedMappingClearsTheTagsOfEveryPage()
    {
        ulong before = TaggedEverywhere();
        Frame frame = FrameOf(_machine, _process, before);
        // In DRAM, where freeing the page does not reach them.
        _machine.Hardware.WriteBackAll();
        _process.Unmap(before, Pages * Page);
        ulong at = HugePage(Plain);
        Assert.Equal(frame.Index, FrameOf(_machine, _process, at).Index);

        Assert.True(_process.Protect(at, Pages * Page, Tagged));

        Assert.All(Enumerable.Range(0, Pages), page => Assert.Equal(0, _process.LoadTag(PageOf(at, page))));
        Holds(_machine);
    }

    [Fact]
    public void MigrationTakesTheTagsOfEveryPageAlong()
    {
        ulong at = TaggedEverywhere();
        Frame frame = FrameOf(_machine, _process, at);

        Assert.True(_machine.Migrate(_process, at));

        Assert.NotEqual(frame.Index, FrameOf(_machine, _process, at).Index);
        AssertTagged(_process, at);
        Holds(_machine);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(511)]
    public void ACopyOnWriteOfAPartTakesTheTagsOfThatPage(int page)
    {
        ulong at = TaggedEverywhere();
        Process child = _process.Fork()!;

        child.Store(PageOf(at, page), 77);

        AssertTagged(child, at);
        AssertTagged(_process, at);
        Assert.Equal((77UL, (ulong)page), (child.Load(PageOf(at, page)), _process.Load(PageOf(at, page))));
        Assert.NotEqual(FrameOf(_machine, _process, PageOf(at, page)).Index, FrameOf(_machine, child, PageOf(at, page)).Index);
        Holds(_machine);
    }

    [Fact]
    public void AWriteOfTheParentLeavesTheChildItsHugePage()
    {
        ulong at = TaggedEverywhere();
        Process child = _process.Fork()!;

        _process.Store(PageOf(at, 9), 78);

        Assert.Equal(9UL, child.Load(PageOf(at, 9)));
        AssertTagged(child, at);
        Holds(_machine);
    }

    [Fact]
    public void APinnedHugePageStaysTheParentsWhenItForks()
    {
        ulong at = TaggedEverywhere();
        PinnedPage pin = _process.Pin(PageOf(at, 17));

        Process child = _process.Fork()!;
        _process.Store(PageOf(at, 17), 79);

        Assert.Equal(pin.Frame.Index, FrameOf(_machine, _process, PageOf(at, 17)).Index);
        Assert.Equal((79UL, 17UL), (_process.Load(PageOf(at, 17)), child.Load(PageOf(at, 17))));
        AssertTagged(child, at);
        _process.Unpin(pin);
        Holds(_machine);
    }

    [Fact]
    public void ACutOfTheAreaSplitsThePageAndKeepsEachTag()
    {
        ulong at = TaggedEverywhere();

        _process.Unmap(PageOf(at, 100), 50 * Page);

        Assert.All(Enumerable.Range(0, Pages).Where(page => page is < 100 or >= 150), page =>
            Assert.Equal((TagOf(page), (ulong)page), (_process.LoadTag(PageOf(at, page)), _process.Load(PageOf(at, page)))));
        Holds(_machine);
    }

    [Fact]
    public void SwappedOutAndInEachPageHasItsTag()
    {
        ulong at = TaggedEverywhere();
        LinuxMachine machine = _machine;

        int freed = machine.Reclaim(pages: 128);

        Assert.True(freed >= 128, $"{freed} pages were reclaimed");
        Assert.True(_process.SwappedPages >= 128);
        AssertTagged(_process, at);
        Holds(machine);
    }

    private ulong HugePage(Protection protection)
    {
        ulong at = _process.Map(Pages * Page, protection);
        _process.Store(at, 0);
        Assert.Equal(Pages, _process.ResidentPages);
        return at;
    }

    /// <summary>A huge page of which each page holds its number and another tag than its neighbours.</summary>
    private ulong TaggedEverywhere()
    {
        ulong at = HugePage(Tagged);
        for (int page = 0; page < Pages; page++)
        {
            _process.Store(PageOf(at, page), (ulong)page);
            _process.StoreTag(Process.Tagged(PageOf(at, page), TagOf(page)));
        }

        return at;
    }

    private static void AssertTagged(Process process, ulong at) =>
        Assert.All(Enumerable.Range(0, Pages), page => Assert.Equal(TagOf(page), process.LoadTag(PageOf(at, page))));

    private static int TagOf(int page) => 1 + (page % 15);

    private static ulong PageOf(ulong at, int page) => at + ((ulong)page * Page);
}
