using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>
/// The rooms of the kernel are storeys: code of one names only what lies below it, so that each can be read without the rest.
/// </summary>
public sealed partial class KernelRoomTests
{
    private const string Door = "MemorySystem";
    private const string Machine = "LinuxMachine";

    // From the ground up. What a replay uses ends at the door to memory; the machine puts all of them together.
    private static readonly string[] Storeys =
    [
        "Costs", "Events", "Ports", "Steps",
        "Frames", "PageAllocator", "Migration", "Contiguous", "TagStorage", "Following", Door,
        "Supply", "Owners", "Swap", "PageCache", "Compaction",
        "Tables", "AddressSpaces", "Reclaim", "Faults",
        "Tasks", Machine,
    ];

    // Types of files that lie in no folder. Of all others a file names the room, by its using or in full.
    private static readonly Dictionary<string, string> RootTypes = new()
    {
        ["MemorySystem"] = Door, ["ReplayTarget"] = Door, ["CompactionTarget"] = Door, ["Destination"] = Door,
        ["LinuxMachine"] = Machine, ["LinuxMachineOptions"] = Machine, ["RunningKernel"] = Machine,
        ["MachineSetup"] = Machine, ["KernelAudit"] = Machine, ["Daemons"] = Machine,
    };

    private static readonly Lazy<IReadOnlyList<Look>> Looks =
        new(() => [.. SourceTree.Files("Palimpsest.Kernel").SelectMany(file => LooksOf(file.File, file.Code))]);

    [Fact]
    public void KernelRoomsPointDownOnly() =>
        Assert.Empty(Looks.Value.Where(look => look.IsUpward).Select(look => $"{look.File}: {look.Arrow}"));

    [Fact]
    public void EveryRoomHasItsStorey() => Assert.Empty(Looks.Value.SelectMany(look => new[] { look.From, look.To }).Except(Storeys));

    [Fact]
    public void TypesInNoFolderAreThoseThatThisTestKnows() =>
        Assert.Equal(
            RootTypes.Keys.Order(),
            SourceTree.Files("Palimpsest.Kernel").Where(file => !IsInRoom(file.File))
                .SelectMany(file => Declared().Matches(file.Code).Select(type => type.Groups[1].Value)).Distinct().Order());

    [Theory]
    [InlineData("Frames/A.cs", "using Palimpsest.Kernel.TagStorage.Homes;", "Frames > TagStorage")]
    [InlineData("Frames/A.cs", "new Kernel.Swap.SwapDevice()", "Frames > Swap")]
    [InlineData("Ports/A.cs", "class A(MemorySystem memory);", "Ports > MemorySystem")]
    [InlineData("Swap/A.cs", "class A(RunningKernel kernel);", "Swap > LinuxMachine")]
    [InlineData("Swap/A.cs", "using Palimpsest.Kernel.Frames; int x = world.MemorySystem;", "")]
    [InlineData("MemorySystem.cs", "using Palimpsest.Kernel.Swap;", "MemorySystem > Swap")]
    public void TheScanSeesWhoLooksUp(string file, string code, string arrows) =>
        Assert.Equal(arrows, string.Join(", ", LooksOf(Path.Combine("Palimpsest.Kernel", file), code).Where(look => look.IsUpward)
            .Select(look => look.Arrow)));

    private static IEnumerable<Look> LooksOf(string file, string code)
    {
        string from = RoomOf(file);
        IEnumerable<string> named = Named().Matches(code).Select(name => name.Groups[1].Value)
            .Where(name => Storeys.Contains(name) || IsRoom(name));
        IEnumerable<string> root = RootTypes.Where(type => Regex.IsMatch(code, $@"(?<![\w.]){type.Key}\b")).Select(type => type.Value);
        return named.Concat(root).Distinct().Where(to => to != from).Select(to => new Look(file, from, to));
    }

    private static string RoomOf(string file)
    {
        string[] parts = file.Split(Path.DirectorySeparatorChar, '/');
        return parts.Length > 2 ? parts[1] : RootTypes.GetValueOrDefault(parts[1].Split('.')[0], Machine);
    }

    private static bool IsInRoom(string file) => file.Split(Path.DirectorySeparatorChar, '/').Length > 2;

    private static bool IsRoom(string name) => Directory.Exists(Path.Combine(SourceTree.Source, "Palimpsest.Kernel", name));

    [GeneratedRegex(@"(?<![\w.])(?:Palimpsest\.)?Kernel\.([A-Z]\w*)")]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?:public|internal)[\w ]*\b(?:class|struct|enum|interface|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    private sealed record Look(string File, string From, string To)
    {
        public string Arrow => $"{From} > {To}";

        public bool IsUpward => Array.IndexOf(Storeys, To) > Array.IndexOf(Storeys, From);
    }
}
