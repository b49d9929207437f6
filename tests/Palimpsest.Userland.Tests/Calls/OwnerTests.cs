using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Whom files belong to, and what they may be used for.</summary>
public sealed class OwnerTests
{
    private const int SetUid = 146, Fchmod = 52, FchownAt = 54, Fchown = 55;

    [Fact]
    public void WhatAUserMakesIsItsOwnAndRootGivesAway()
    {
        Result owner = null!, group = null!, mode = null!, given = null!, refused = null!, own = null!, folder = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong stat = s.Room(128);
            ulong file = s.Text("/tmp/file");
            ulong path = s.Text("/tmp/folder");
            Result opened = s.Call(OpenAt, Here, file, Create | WriteOnly, 0x1FF);
            given = s.Call(Fchown, opened, 5, 6);
            s.Call(Fchmod, opened, 0x124);
            s.Call(Fstat, opened, stat);
            (mode, owner, group) = (s.Load(stat + 16, 4), s.Load(stat + 24, 4), s.Load(stat + 28, 4));
            s.Call(SetUid, 7);
            refused = s.Call(FchownAt, Here, file, 7, -1, 0);
            s.Call(MkdirAt, Here, path, 0x1C0);
            own = s.Call(FchownAt, Here, path, 7, -1, 0);
            s.Call(FstatAt, Here, path, stat, 0);
            folder = s.Load(stat + 16);
        });

        Assert.Equal([0, 5, 6, 0x8124, EPERM, 0], run.All(given, owner, group, mode, refused, own));
        Assert.Equal(0x41C0, run[folder] & 0xFFFFFFFF);
    }
}
