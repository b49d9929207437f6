using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Users and groups, personality, and what a process may do to its own.</summary>
public sealed class IdentityTests
{
    private const int GetUid = 174, GetEuid = 175, SetUid = 146, SetReuid = 145, SetResuid = 147, GetResuid = 148, SetResgid = 149;
    private const int GetGroups = 158, SetGroups = 159, Capget = 90, Personality = 92, GetGid = 176;

    [Fact]
    public void RootGivesUpWhatItCannotTakeBack()
    {
        Result first = null!, set = null!, uid = null!, euid = null!, back = null!, group = null!, gid = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            first = s.Call(GetUid);
            group = s.Call(SetResgid, 7, 8, 9);
            gid = s.Call(GetGid);
            set = s.Call(SetUid, 100);
            (uid, euid) = (s.Call(GetUid), s.Call(GetEuid));
            back = s.Call(SetUid, 0);
        });

        Assert.Equal([0, 0, 7, 0, 100, 100, EPERM], run.All(first, group, gid, set, uid, euid, back));
    }

    [Fact]
    public void WhatIsSavedCanBeTakenAgain()
    {
        Result away = null!, euid = null!, back = null!, third = null!, saved = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong ids = s.Room(16);
            away = s.Call(SetResuid, 1, 2, 0);
            euid = s.Call(GetEuid);
            third = s.Call(SetResuid, -1, 3, -1);
            back = s.Call(SetReuid, -1, 0);
            s.Call(GetResuid, ids, ids + 4, ids + 8);
            saved = s.Load(ids + 8, 4);
        });

        Assert.Equal([0, 2, EPERM, 0, 0], run.All(away, euid, third, back, saved));
    }

    [Fact]
    public void GroupsCapabilitiesAndPersonalityAreKept()
    {
        Result count = null!, small = null!, second = null!, all = null!, none = null!, old = null!, now = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong groups = s.Bytes(4, 0, 0, 0, 5, 0, 0, 0);
            ulong told = s.Room(8);
            ulong head = s.Words(0x20080522);
            ulong sets = s.Room(24);
            s.Call(SetGroups, 2, groups);
            count = s.Call(GetGroups, 0, 0);
            small = s.Call(GetGroups, 1, told);
            s.Call(GetGroups, 2, told);
            second = s.Load(told + 4, 4);
            s.Call(Capget, head, sets);
            all = s.Load(sets, 4);
            s.Call(SetUid, 5);
            s.Call(Capget, head, sets);
            none = s.Load(sets, 4);
            old = s.Call(Personality, 0x40000);
            now = s.Call(Personality, 0xFFFFFFFF);
        });

        Assert.Equal([2, EINVAL, 5, 0xFFFFFFFF, 0, 0, 0x40000], run.All(count, small, second, all, none, old, now));
    }
}
