using CsCheck;
using Palimpsest.Kernel.Tasks;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Processes that fork, store, move, compact and end: each has its own memory, and when all have ended nothing is left.</summary>
public sealed class FamilyLaws
{
    private const int Pages = 6;

    private static readonly Gen<(int What, int Who, int Page, int Value)[]> Acts =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 9], Gen.Int[0, Pages - 1], Gen.Int[1, 15]).Array[1, 50];

    [Fact]
    public void EachHasWhatItStoredAndWhatItInherited() => Law.Holds(Acts, 25, acts =>
    {
        LinuxMachine machine = New(swapPages: 128);
        (List<Member> family, ulong start) = Begin(machine);
        foreach ((int what, int who, int page, int value) in acts)
        {
            Do(machine, family, start, what, who, page, value);
        }

        Assert.All(family, member => Assert.All(Enumerable.Range(0, Pages), page =>
        {
            ulong at = start + ((ulong)page * Page);
            Assert.Equal((member.Words[page], member.Tags[page]), (member.Process.Load(at), member.Process.LoadTag(at)));
        }));
        Holds(machine);
    });

    [Fact]
    public void WhenAllHaveEndedAllIsFree() => Law.Holds(Acts, 25, acts =>
    {
        LinuxMachine machine = New(swapPages: 128);
        machine.Memory.DrainAll();
        (long free, int tagged, int reserved) = State(machine);
        (List<Member> family, ulong start) = Begin(machine);
        foreach ((int what, int who, int page, int value) in acts)
        {
            Do(machine, family, start, what, who, page, value);
        }

        family.ForEach(member => member.Process.Exit());
        machine.Memory.DrainAll();

        Assert.Equal((free, tagged, reserved), State(machine));
        Assert.Equal(0, machine.SavedTags);
        Assert.Empty(machine.Processes);
        Holds(machine);
    });

    [Fact]
    public void APageIsCopiedOnceForEachWhoWritesIt()
    {
        LinuxMachine machine = New();
        (List<Member> family, ulong start) = Begin(machine);
        Process[] children = [.. Enumerable.Range(0, 3).Select(_ => family[0].Process.Fork()!)];
        long before = machine.Statistics.CopiesOnWrite;
        foreach (Process process in children.Append(family[0].Process))
        {
            process.Store(start, 1);
            process.Store(start, 2);
        }

        // The last of four has the page for itself.
        Assert.Equal(3, machine.Statistics.CopiesOnWrite - before);
        Holds(machine);
    }

    [Fact]
    public void CompactionMovesPagesAndNoBytes() => Law.Holds(Gen.Int[0, 63].Array[4, 40], 15, unmapped =>
    {
        LinuxMachine machine = New(swapPages: 0);
        Process process = machine.Start("user");
        ulong start = process.Map(64 * Page, Tagged);
        HashSet<int> left = [.. Enumerable.Range(0, 64)];
        for (int page = 0; page < 64; page++)
        {
            process.StoreTag(Process.Tagged(start + ((ulong)page * Page), page % 16));
            process.Store(start + ((ulong)page * Page), (ulong)page);
        }

        foreach (int page in unmapped.Where(left.Remove))
        {
            process.Unmap(start + ((ulong)page * Page), Page);
        }

        machine.Compact(order: 3);
        machine.Compact(order: 4);
        Assert.All(left, page => Assert.Equal(((ulong)page, page % 16),
            (process.Load(start + ((ulong)page * Page)), process.LoadTag(start + ((ulong)page * Page)))));
        Holds(machine);
    });

    private static (List<Member> Family, ulong Start) Begin(LinuxMachine machine)
    {
        Process first = machine.Start("first");
        ulong start = first.Map(Pages * Page, Tagged);
        first.Populate(start, Pages * Page);
        return ([new Member(first, new ulong[Pages], new int[Pages])], start);
    }

    private static void Do(LinuxMachine machine, List<Member> family, ulong start, int what, int who, int page, int value)
    {
        Member member = family[who % family.Count];
        ulong at = start + ((ulong)page * Page);
        switch (what)
        {
            case 0 or 1:
                member.Process.Store(at, (ulong)value);
                member.Words[page] = (ulong)value;
                break;
            case 2:
                member.Process.StoreTag(Process.Tagged(at, value));
                member.Tags[page] = value;
                break;
            case 3 when family.Count < 6 && member.Process.Fork() is { } child:
                family.Add(new Member(child, [.. member.Words], [.. member.Tags]));
                break;
            case 4 when family.Count > 1:
                member.Process.Exit();
                family.Remove(member);
                break;
            case 5:
                machine.Reclaim(value);
                break;
            case 6:
                machine.Migrate(member.Process, at);
                break;
            default:
                member.Process.Discard(at, Page);
                (member.Words[page], member.Tags[page]) = (0, 0);
                break;
        }
    }

    private static (long Free, int Tagged, int Reserved) State(LinuxMachine machine) =>
        (machine.Memory.Zones.Sum(zone => (long)zone.FreeFrames), machine.Memory.TaggedFrames, machine.Memory.Blocks.ReservedBlocks);

    private sealed record Member(Process Process, ulong[] Words, int[] Tags);
}
