using System.Runtime.CompilerServices;
using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>The README's race is written with what is public, and is found.</summary>
public sealed class ReadmeRace
{
    [Fact]
    public void TheRaceOfTheReadmeIsFound()
    {
        StringWriter output = new();

#pragma warning disable xUnit1051 // The README shows no token.
        // README begins
        Scenario<(Process Server, ulong Heap)> race = new("use-after-free", steps =>
        {
            LinuxMachineOptions options = new() { Cpus = 2, Interleaving = steps };
            MemoryBoard board = MemoryBoard.Flat(8 << 20, PageGeometry.Page4K);
            LinuxMachine machine = new(board, DesignCatalog.Parse("cma-no-tagged").Create(), options);
            Process server = machine.Start("server");
            server.TagChecks = TagFaultMode.Synchronous;
            ulong heap = server.Map(4096, Protection.Read | Protection.Write | Protection.Mte);
            server.StoreTag(Process.Tagged(heap, 5));
            return (server, heap);
        });
        race.Actor("free", 0, async at => await at.Server.Main.StoreTag(Process.Tagged(at.Heap, 6)))
            .Actor("use", 1, async at => await at.Server.StartTask(new CpuId(1)).Load(Process.Tagged(at.Heap, 5)));
        output.WriteLine(new Explorer(race).Search(new DepthFirst()));
        // README ends
#pragma warning restore xUnit1051

        Assert.StartsWith("use-after-free: SignalException: TagSynchronous at 0x", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyHasLetThisProjectIn() => Assert.DoesNotContain(
        typeof(LinuxMachine).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
            .Cast<InternalsVisibleToAttribute>()
            .Concat(typeof(Explorer).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
                .Cast<InternalsVisibleToAttribute>()),
        friend => friend.AssemblyName == typeof(ReadmeRace).Assembly.GetName().Name);

    [Fact]
    public void TheReadmeShowsThisRace()
    {
        string[] lines = [.. File.ReadAllLines(ThisFile()).SkipWhile(line => !line.EndsWith("README begins", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.EndsWith("README ends", StringComparison.Ordinal))
            .Select(line => line[8..].Replace("output.WriteLine", "Console.WriteLine", StringComparison.Ordinal))];
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "README.md"));

        Assert.InRange(lines.Length, 8, 20);
        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```", readme, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
