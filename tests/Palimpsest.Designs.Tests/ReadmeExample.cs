using System.Runtime.CompilerServices;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Designs.Tests;

/// <summary>The README's first experiment compiles, and does what it says.</summary>
public sealed class ReadmeExample
{
    [Fact]
    public void TheFirstExperimentOfTheReadmeRuns()
    {
        StringWriter output = new();

        // README begins
        MemoryBoard board = MemoryBoard.Flat(64 << 20, PageGeometry.Page4K);
        LinuxMachine machine = new(board, DesignCatalog.Parse("cma-no-tagged").Create(), new LinuxMachineOptions { SwapPages = 1024 });
        Process server = machine.Start("server");
        server.TagChecks = TagFaultMode.Synchronous;
        ulong heap = server.Map(1 << 20, Protection.Read | Protection.Write | Protection.Mte);
        ulong pointer = Process.Tagged(heap, 5);
        server.StoreTag(pointer);
        server.Store(pointer, 42);
        machine.Reclaim(pages: 256); // out to swap, tags and all, and back at the next load
        output.WriteLine($"{server.Load(pointer)}; swapped {machine.Statistics.SwapOuts}, reserved {machine.Memory.Blocks.ReservedFrames}");
        // README ends

        Assert.Equal("42; swapped 1, reserved 2", output.ToString().Trim());
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void TheReadmeShowsThisExperiment()
    {
        string[] source = File.ReadAllLines(ThisFile());
        string[] lines = [.. source.SkipWhile(line => !line.EndsWith("README begins", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("README ends", StringComparison.Ordinal))
            .Select(line => line.Trim().Replace("output.WriteLine", "Console.WriteLine", StringComparison.Ordinal))];
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "README.md"));
        IEnumerable<string> shown = readme.Split("```csharp\n").Skip(1).Select(block => block.Split("\n```")[0]);

        Assert.Equal(10, lines.Length);
        Assert.Contains(string.Join('\n', lines), shown);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
