using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>What the kernel has seen before it waited, it looks at again: two tasks in every order of their steps.</summary>
public sealed class RecheckTests
{
    private static readonly CpuId Second = new(1);

    [Fact]
    public void APageOfTheSwapDeviceIsBroughtOnceForAFamily() => Holds(new Scenario<Family>("swap-in", steps => new Family(steps).Swapped())
        .Actor("parent", 0, async at => await at.Parent.Main.Load(at.Page))
        .Actor("child", 1, async at => await at.Child.Main.Load(at.Page))
        .AtEnd("audit", Audited)
        .AtEnd("one page", at => at.Frame(at.Parent) == at.Frame(at.Child) ? null : "each has its own")
        .AtEnd("content", at => at.Differs(42, 42)));

    [Fact]
    public void AFaultOnAccessDoesNotUndoTheWriteOfAnotherThread() => Holds(
        new Scenario<Family>("first-access", steps => new Family(steps).Late())
        .Actor("reader", 0, async at => await at.Parent.Main.Load(at.Page))
        .Actor("writer", 1, async at => await at.Parent.StartTask(Second).Store(at.Page, 77))
        .AtEnd("audit", Audited)
        .AtEnd("content", at => at.Differs(77, 42)));

    [Fact]
    public void NothingIsCollapsedIntoAnAreaThatWasCutMeanwhile() => Holds(new Scenario<Family>("collapse", Family.OfSmallPages)
        .Actor("khugepaged", 0, async at => await at.Machine.Daemons.Collapse(at.Parent, at.Page))
        .Actor("user", 1, async at => await at.Parent.StartTask(Second).Calls.Unmap(at.Page + (256 * Page), 256 * Page))
        .AtEnd("audit", Audited)
        .AtEnd("cut", at => at.Parent.ResidentPages is 2 or 256 ? null : $"{at.Parent.ResidentPages} pages"));

    private static void Holds(Scenario<Family> scenario)
    {
        SearchResult found = new Explorer(scenario)
            .Search(new DepthFirst(), new SearchLimits(Schedules: 1000), TestContext.Current.CancellationToken);

        Assert.True(found.Held, found.ToString());
        Assert.InRange(found.Schedules, 10, int.MaxValue);
    }

    private static string? Audited(Family at) => at.Machine.Audit() is [var first, ..] ? first.ToString() : null;

    /// <summary>A page of a process that has forked, in an area with tags.</summary>
    private sealed class Family
    {
        public Family(Interleaving steps)
        {
            Machine = New(steps: steps);
            Parent = Machine.Start("parent");
            Page = Parent.Map(TestMachine.Page, Plain);
            Parent.Store(Page, 42);
        }

        private Family(LinuxMachine machine)
        {
            Machine = machine;
            Parent = machine.Start("parent");
            Page = Parent.Map(1024 * TestMachine.Page, Tagged);
            Page = (Page + (512 * TestMachine.Page) - 1) / (512 * TestMachine.Page) * (512 * TestMachine.Page);
            Parent.Store(Page, 42);
            Parent.Store(Page + TestMachine.Page, 43);
            Parent.AdviseHugePages(Page, 512 * TestMachine.Page, wanted: true);
        }

        public LinuxMachine Machine { get; }

        public Process Parent { get; }

        public Process Child { get; private set; } = null!;

        public ulong Page { get; }

        public static Family OfSmallPages(Interleaving steps) => new(TestMachine.New("flat 34 MiB", steps: steps));

        /// <summary>Tagged, and on the swap device for both.</summary>
        public Family Swapped()
        {
            Parent.Protect(Page, TestMachine.Page, Tagged);
            Parent.StoreTag(Page);
            Fork();
            Machine.Reclaim(64);
            Assert.Equal((1, 1), (Parent.SwappedPages, Child.SwappedPages));
            return this;
        }

        /// <summary>Tagged by mprotect, so that the first access faults.</summary>
        public Family Late()
        {
            Parent.Protect(Page, TestMachine.Page, Tagged);
            Fork();
            return this;
        }

        private void Fork()
        {
            Child = Parent.Fork()!;
            Child.Cpu = Second;
        }

        public Frame Frame(Process process) => FrameOf(Machine, process, Page);

        public string? Differs(ulong parent, ulong child) =>
            (Parent.Load(Page), Child.Load(Page)) is var seen && seen == (parent, child) ? null : $"{seen}";
    }
}
