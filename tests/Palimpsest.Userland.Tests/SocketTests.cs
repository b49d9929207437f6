namespace Palimpsest.Userland.Tests;

/// <summary>Sockets that a program makes, and waiting for them (Guests/sockets.c).</summary>
public sealed class SocketTests
{
    /// <summary>What Linux printed, on which the same program was run.</summary>
    private const string OnLinux = """
        loopback: yes
        bound twice: Address already in use
        connected: yes
        connected twice: Transport endpoint is already connected
        has a peer: yes
        the peer's is the name: 1
        sent 9
        select 1 1
        peeked 5 HELLO
        read 9 HELLO YOU
        nothing to read: Resource temporarily unavailable
        server 7, end 0
        sent to nobody: Broken pipe
        by path: yes
        bound twice: Address already in use
        connected: yes
        connected twice: Transport endpoint is already connected
        has a peer: yes
        the peer's is the name: 1
        sent 9
        select 1 1
        peeked 5 HELLO
        read 9 HELLO YOU
        nothing to read: Resource temporarily unavailable
        server 7, end 0
        sent to nobody: Broken pipe
        by name: yes
        bound twice: Address already in use
        connected: yes
        connected twice: Transport endpoint is already connected
        has a peer: yes
        the peer's is the name: 1
        sent 9
        select 1 1
        peeked 5 HELLO
        read 9 HELLO YOU
        nothing to read: Resource temporarily unavailable
        server 7, end 0
        sent to nobody: Broken pipe
        nobody listens: Connection refused
        not connected: Transport endpoint is not connected
        no socket: Socket operation on non-socket
        a pair: yes
        poll 2 4 1
        select 1
        read 3 then 0

        """;

    [Fact]
    public void TheyDoAsOnLinux()
    {
        using Guest guest = new("sockets");

        GuestRun run = guest.Run(["sockets"]);

        Assert.Equal((OnLinux, 0), (run.Output, run.Outcome.ExitStatus));
        Assert.Empty(run.Machine.Audit());
        Assert.Empty(run.Outcome.UnknownCalls);
    }
}
