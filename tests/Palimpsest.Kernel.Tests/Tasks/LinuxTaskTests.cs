using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>What Linux schedules has registers of its own, and a tag check fault is told to whom it happened.</summary>
public sealed class LinuxTaskTests
{
    private readonly LinuxMachine _machine = TestMachine.New();

    [Fact]
    public void AnAsynchronousFaultIsDeliveredToTheTaskThatFaulted()
    {
        Process first = Asynchronous("first");
        Process second = Asynchronous("second");
        ulong heap = first.Map(Page, Tagged);
        ulong other = second.Map(Page, Plain);

        first.Store(Process.Tagged(heap, 5), 7);
        second.Store(other, 1);

        second.EnterKernel();
        Assert.Empty(second.Signals);
        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(first.EnterKernel));
        first.EnterKernel();
        Assert.Single(first.Signals);
    }

    [Fact]
    public void APageFaultIsAnEntryToTheKernel()
    {
        Process process = Asynchronous("process");
        ulong heap = process.Map(4 * Page, Tagged);
        process.Store(heap, 1);
        process.Store(Process.Tagged(heap, 5), 7);

        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(() => process.Store(heap + (2 * Page), 1)));
        process.Store(heap + (2 * Page), 1);
        Assert.Equal(7UL, process.Load(heap));
    }

    public static TheoryData<string, Action<Process, ulong>> SystemCalls() => new()
    {
        { "mmap", (process, _) => process.Map(Page, Plain) },
        { "munmap", (process, at) => process.Unmap(at, Page) },
        { "mprotect", (process, at) => process.Protect(at, Page, Tagged) },
        { "mremap", (process, at) => process.Move(at, Page, 2 * Page) },
        { "MADV_DONTNEED", (process, at) => process.Discard(at, Page) },
        { "MADV_FREE", (process, at) => process.FreeLazily(at, Page) },
        { "MADV_HUGEPAGE", (process, at) => process.AdviseHugePages(at, Page, wanted: true) },
        { "MADV_POPULATE_WRITE", (process, at) => process.Populate(at, Page) },
        { "brk", (process, _) => process.SetBreak(Page) },
        { "fork", (process, _) => process.Fork() },
        { "vmsplice", (process, at) => process.Pin(at) },
    };

    [Theory]
    [MemberData(nameof(SystemCalls))]
    public void EverySystemCallIsOneAndIsNotDoneBeforeTheSignal(string name, Action<Process, ulong> call)
    {
        Process process = Asynchronous(name);
        ulong heap = process.Map(Page, Tagged);
        process.Store(Process.Tagged(heap, 5), 7);

        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(() => call(process, heap)));

        Assert.Equal(7UL, process.Load(heap));
        Assert.Single(_machine.Processes);
        call(process, heap);
        Assert.Single(process.Signals);
    }

    [Fact]
    public void FilesAreReadAndWrittenBySystemCallsToo()
    {
        Process process = Asynchronous("process");
        SharedFile file = _machine.OpenFile(2 * Page);
        ulong heap = process.Map(Page, Tagged);
        byte[] bytes = [1, 2, 3, 4];

        process.Store(Process.Tagged(heap, 5), 7);
        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(() => process.Read(file, 0, new byte[8])));
        process.Store(Process.Tagged(heap, 5), 7);
        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(() => process.Write(file, 0, bytes)));
        Assert.Equal(0, file.CachedPages);

        process.Write(file, Page - 2, bytes);
        byte[] found = new byte[6];
        process.Read(file, Page - 3, found);
        byte[] plain = new byte[6];
        file.Read(Page - 3, plain);
        Assert.Equal(bytes, found[1..5]);
        Assert.Equal(plain, found);
    }

    [Fact]
    public void TasksOfOneProcessHaveChecksOfTheirOwn()
    {
        Process process = _machine.Start("process");
        process.TagChecks = TagFaultMode.Synchronous;
        ulong heap = process.Map(Page, Tagged);
        LinuxTask lenient = process.StartTask(cpu: CpuId.Boot);
        lenient.TagChecks = TagFaultMode.None;

        lenient.Store(Process.Tagged(heap, 5), 7).Now();

        Assert.Equal(SignalCode.TagSynchronous, CodeOf(() => process.Load(Process.Tagged(heap, 5))));
        Assert.Equal(7UL, lenient.Load(Process.Tagged(heap, 5)).Now());
        Assert.Equal(TagFaultMode.Synchronous, process.StartTask(cpu: new CpuId(1)).TagChecks);
    }

    [Fact]
    public void EachTaskGoesOnWithItsOwnRandomTags()
    {
        Process alone = Including("alone");
        ulong[] expected = [.. Enumerable.Range(0, 8).Select(_ => alone.RandomTag(0x1000))];
        Process one = Including("one");
        Process two = Including("two");

        for (int draw = 0; draw < expected.Length; draw++)
        {
            Assert.Equal(expected[draw], one.RandomTag(0x1000));
            Assert.Equal(expected[draw], two.RandomTag(0x1000));
        }

        Assert.True(expected.Distinct().Count() > 3);
    }

    [Fact]
    public void ATaskTakesWhatIsPendingToAnotherCpu()
    {
        Process process = Asynchronous("process");
        ulong heap = process.Map(Page, Tagged);
        process.Store(Process.Tagged(heap, 5), 7);

        process.Cpu = new CpuId(1);

        Assert.Equal(SignalCode.TagAsynchronous, CodeOf(process.EnterKernel));
        Process next = Asynchronous("next");
        next.EnterKernel();
        Assert.Empty(next.Signals);
    }

    [Fact]
    public void WhatAnEndedTaskLeftOnItsCpuIsNobodys()
    {
        Process process = Asynchronous("process");
        ulong heap = process.Map(Page, Tagged);
        process.Store(Process.Tagged(heap, 5), 7);
        process.Exit();

        Process next = Asynchronous("next");
        next.EnterKernel();

        Assert.Empty(next.Signals);
        Assert.Throws<SignalException>(() => process.Load(heap));
    }

    [Fact]
    public void BytesAcrossPagesAreReadAndWrittenPieceByPiece()
    {
        Process process = _machine.Start("process");
        ulong at = process.Map(5 * Page, Plain);
        byte[] bytes = [.. Enumerable.Range(0, 3 * Page).Select(index => (byte)(index * 7))];
        byte[] found = new byte[bytes.Length];

        process.Write(at + 100, bytes);
        process.Read(at + 100, found);

        Assert.Equal(bytes, found);
        Assert.Equal(4, process.ResidentPages);
        Assert.Equal(SignalCode.MapError, CodeOf(() => process.Write(at + (4 * Page), new byte[2 * Page])));
    }

    private Process Asynchronous(string name)
    {
        Process process = _machine.Start(name);
        process.TagChecks = TagFaultMode.Asynchronous;
        return process;
    }

    private Process Including(string name)
    {
        Process process = _machine.Start(name);
        process.TagsIncluded = 0xFFFE;
        return process;
    }

    private static SignalCode CodeOf(Action action) => Assert.Throws<SignalException>(action).Signal.Code;
}
