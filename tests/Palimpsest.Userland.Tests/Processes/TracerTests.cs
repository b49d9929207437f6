namespace Palimpsest.Userland.Tests.Processes;

/// <summary>
/// What Guests/traces.c tells of its children. Every line here is what Linux 6.18 tells of the same source, built for x86-64; the
/// program leaves out what differs by architecture.
/// </summary>
public sealed class TracerTests
{
    public static TheoryData<string, string> Told { get; } = new()
    {
        {
            "exec",
            """
            child: stop 19 event 0 code -6
            child: entry of execve
            child: exit 0
            child: stop 5 event 0 code 0
            child: entry
            child: exit 1
            child: exited 0
            child: stop 19 event 0 code -6
            child: entry of execve
            child: stop 5 event 4 code 1029
            child: exit 0
            child: entry
            child: exit 1
            child: killed 9
            """
        },
        {
            "execthread",
            """
            leader: stop 19 event 0 code -6
            leader: stop 5 event 3 code 773
            sleeper: stop 19 event 0 code 0
            leader: stop 5 event 3 code 773
            replacer: stop 19 event 0 code 0
            sleeper: exited 0
            leader: stop 5 event 4 code 1029
            former 1, gone 1
            leader: exited 0
            """
        },
        {
            "read",
            """
            read -4, handled 10
            child: stop 19 event 0 code -6
            child: exit -512
            child: stop 10 event 0 code 0
            child: entry
            child: exit -4
            child: entry
            child: exited 0
            """
        },
        {
            "restart",
            """
            read 1, handled 12
            child: stop 19 event 0 code -6
            child: exit -512
            child: stop 12 event 0 code 0
            child: entry
            child: entry
            child: exit 1
            child: exited 0
            """
        },
        {
            "nap",
            """
            nap 0
            child: stop 19 event 0 code -6
            child: exit -516
            child: stop 28 event 0 code 0
            child: entry again
            child: exit 0
            child: entry
            child: exited 0
            """
        },
        {
            "left",
            """
            handled 17
            handled 28
            child: stop 19 event 0 code -6
            child: stop 10 event 0 code -6
            child: exited 0
            """
        },
        {
            "step",
            """
            child: stop 19 event 0 code -6
            at steps 1, code 2, address 1
            child: stop 5 event 0 code 2
            at 1
            child: stop 5 event 0 code 2
            child: stop 5 event 0 code 2
            at call 1
            behind it 1
            child: stop 10 event 0 code 0
            child: stop 5 event 0 code 5
            in handler 1
            child: exited 0
            """
        },
        {
            "events",
            """
            child: stop 19 event 0 code -6
            child: stop 5 event 1 code 261
            grandchild: stop 19 event 0 code 0
            grandchild: stop 5 event 6 code 1541
            ends with 300
            grandchild: exited 3
            child: stop 17 event 0 code 1
            child: stop 5 event 2 code 517
            grandchild: stop 19 event 0 code 0
            grandchild: stop 5 event 6 code 1541
            ends with 400
            grandchild: exited 4
            child: stop 5 event 5 code 1285
            done with it 1
            child: stop 17 event 0 code 1
            child: stop 5 event 6 code 1541
            child: exited 5
            """
        },
        {
            "listen",
            """
            child: stop 19 event 0 code 0
            child: stop 19 event 128 code 32787
            asked of who listens: 3
            child: stop 19 event 128 code 32787
            child: stop 5 event 128 code 32773
            child: stop 18 event 0 code 0
            child: killed 9
            """
        },
        {
            "attach",
            """
            child: stop 19 event 0 code 128
            twice: 1
            child: killed 15
            gone: 3
            child: stop 19 event 0 code 128
            child: stop 19 event 0 code 99
            child: killed 9
            """
        },
        {
            "exitkill",
            """
            tracer: exited 0
            tracee: killed 9
            """
        },
        {
            "words",
            """
            child: stop 19 event 0 code -6
            hidden 77
            fixed 5
            poke 0
            nowhere -1 5
            child: exited 9
            own 5
            """
        },
        {
            "registers",
            """
            id 4711
            child: stop 19 event 0 code -6
            set 0
            child: exited 0
            """
        },
        {
            "jobs",
            """
            stopped 1 137f, told 17
            again 0
            waitid 0 code 6 status 18
            continued 1 ffff
            waitid 0 code 2 status 9 own 1
            none 10
            """
        },
        {
            "waits",
            """
            waited 1, handled 1
            vfork 1, handled 10, child saw 0
            """
        },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void ATracerIsToldWhatLinuxTells(string name, string expected)
    {
        using Guest guest = new("traces");
        GuestRun run = guest.Run(["traces", name], limit: 20_000_000);

        Assert.Equal(expected, run.Output.TrimEnd());
        Assert.Equal((0, null), (run.Outcome.ExitStatus, run.Outcome.Limit));
        Assert.Empty(run.Machine.Audit());
    }

    [Theory]
    [InlineData("step")]
    [InlineData("read")]
    public void ItTellsTheSameWhetherCodeIsCompiledOrNot(string name)
    {
        using Guest guest = new("traces");
        GuestRun interpreted = guest.Run(["traces", name], adjust: options => options with { IsInterpreted = true });
        GuestRun compiled = guest.Run(["traces", name], adjust: options => options with { HotBranches = 1 });

        Assert.Equal((interpreted.Output, interpreted.Outcome.Instructions), (compiled.Output, compiled.Outcome.Instructions));
    }
}
