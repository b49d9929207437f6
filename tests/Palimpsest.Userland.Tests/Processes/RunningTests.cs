using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Events;
using Palimpsest.Machine.Memory;
using Palimpsest.Userland.Tests.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Processes;

/// <summary>On whose behalf the kernel does what a recording tells of.</summary>
public sealed class RunningTests
{
    private const ulong Pages = 100;

    [Fact]
    public void PagesOfAProcessThatIsKilledAreFreedByIt()
    {
        GuestScript script = new();
        Result child = script.Fork(0, () =>
        {
            script.Call(Mmap, 0, Pages * Page, 3, 0x8022, -1, 0);
            script.Call(SigSuspend, script.Words(0), 8);
        });
        ulong time = script.Words(1, 0);
        script.Call(Nanosleep, time, 0);
        script.Call(Kill, child, 9);
        script.Call(Wait4, child, 0, 0, 0);
        using ScriptGuest folder = new();
        File.WriteAllBytes(Path.Combine(folder.Folder, "script"), script.Build());
        LinuxMachine machine = new(
            MemoryBoard.Flat(32 << 20, PageGeometry.Page4K), DesignCatalog.Parse("static").Create(), new LinuxMachineOptions());
        using MemoryStream output = new();
        GuestSystem system = new(machine, new GuestOptions(["script"]) { WorkingFolder = folder.Folder, Output = output });
        Frees frees = new(() => system.Running.Id);
        machine.Memory.Trace.Attach(frees);
        GuestOutcome outcome = system.Run();

        Assert.Equal(0, outcome.ExitStatus);
        Assert.InRange(frees.Of.GetValueOrDefault(2), (int)Pages, int.MaxValue);
        Assert.InRange(frees.Of.GetValueOrDefault(1), 0, (int)Pages);
    }

    private sealed class Frees(Func<int> running) : IKernelListener
    {
        public Dictionary<int, int> Of { get; } = [];

        public void Happened(in KernelEvent what)
        {
            if (what.Kind == KernelEventKind.PageFreed)
            {
                Of[running()] = Of.GetValueOrDefault(running()) + 1;
            }
        }
    }
}
