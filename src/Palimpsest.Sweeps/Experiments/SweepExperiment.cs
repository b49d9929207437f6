using System.ComponentModel;
using System.Text.Json.Serialization;

// What a member of the file means stands in its Description, which the published schema shows; said twice, the two would part.
#pragma warning disable CS1591

namespace Palimpsest.Sweeps.Experiments;

/// <summary>An experiment as its file tells it: what is crossed with what.</summary>
public sealed record SweepExperiment
{
    /// <summary>What the file says it is.</summary>
    public const string FileFormat = "palimpsest.sweep";

    /// <summary>The version that this program reads.</summary>
    public const int FileVersion = 1;

    [JsonPropertyName("$schema")]
    [Description("Where the schema of this file lies, for editors.")]
    public string? Schema { get; set; }

    [Description("palimpsest.sweep")]
    public required string Format { get; set; }

    [Description("1")]
    public required int Version { get; set; }

    [Description("What it is to answer, for people.")]
    public string? About { get; set; }

    [Description("Recordings of real kernels, with their machines; for compare.")]
    public IReadOnlyList<RecordingSet> Recordings { get; set; } = [];

    [Description("Each recording under each design.")]
    public CompareCells? Compare { get; set; }

    [Description("Workloads on the running system, each under each design and with each seed.")]
    public IReadOnlyList<RunCells> Run { get; set; } = [];

    [Description("Random programs under random schedules, on each design and from each seed on.")]
    public BeyondCells? Beyond { get; set; }

    [Description("Designs, each with every combination of its parameters.")]
    public required IReadOnlyList<DesignGrid> Designs { get; set; }

    [Description("Seeds of what has chance in it: compare in the full view, run and beyond. 1 without them.")]
    public IReadOnlyList<ulong> Seeds { get; set; } = [1];
}

/// <summary>Recordings that share what is said of their machine.</summary>
public sealed record RecordingSet
{
    [Description("A path from the folder of this file; * and ? stand for any letters but a slash, ** for any folders.")]
    public required string Files { get; set; }

    [Description("Device trees, each of which is crossed with the recordings; {name} is the name of a recording up to its first dot.")]
    public IReadOnlyList<string> Boards { get; set; } = [];

    [Description("Folder with copies of /proc files from the start; {name} as in boards.")]
    public string? Snapshot { get; set; }

    [Description("RAM, for trees that leave it to the bootloader, or without a tree.")]
    public ulong? RamMib { get; set; }

    [Description("What is tagged: flag, mapped, snapshot, or policy:NAME,pid=N,...")]
    public string TagSource { get; set; } = "flag";

    [Description("Releases of Linux whose rules the allocator gets; as recorded without them.")]
    public IReadOnlyList<string> Releases { get; set; } = [];
}

/// <summary>The views and pins of comparisons.</summary>
public sealed record CompareCells
{
    [Description("replay: the memory of the recording; full: a page cache takes what is free.")]
    public IReadOnlyList<MemoryView> Views { get; set; } = [MemoryView.Replay];

    [Description("Shares of movable pages that cannot be migrated, 0 to 1.")]
    public IReadOnlyList<double> Pins { get; set; } = [0];
}

/// <summary>How memory is before a replay begins.</summary>
public enum MemoryView
{
    /// <summary>As recorded.</summary>
    Replay,

    /// <summary>As on a machine that has run for a while.</summary>
    Full,
}

/// <summary>Workloads on flat memory.</summary>
public sealed record RunCells
{
    [Description("server, browser, database, phone or camera.")]
    public required string Workload { get; set; }

    [Description("RAM of the machine.")]
    public ulong RamMib { get; set; } = 64;

    [Description("Memory that the workload wants; a quarter more than RAM without it.")]
    public ulong? SizeMib { get; set; }

    [Description("Requests, tabs, queries or app steps; the workload's own number without it.")]
    public int? Steps { get; set; }

    [Description("Share of heaps that is PROT_MTE at the start, 0 to 1.")]
    public double TaggedFrom { get; set; } = 0.3;

    [Description("The same at the end.")]
    public double TaggedTo { get; set; } = 0.3;

    [Description("Compressed swap; half of RAM without it.")]
    public ulong? SwapMib { get; set; }
}

/// <summary>How much of what nobody has thought of is searched in a cell.</summary>
public sealed record BeyondCells
{
    [Description("Random programs of a cell.")]
    public int Programs { get; set; } = 10;

    [Description("Schedules of each program.")]
    public int Schedules { get; set; } = 40;
}

/// <summary>A design and the values of its parameters that are crossed.</summary>
public sealed record DesignGrid
{
    [Description("As palimpsest list designs has it.")]
    public required string Name { get; set; }

    [Description("Values of parameters, as the command line writes them.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    [Description("Whole numbers of parameters, evenly apart.")]
    public IReadOnlyDictionary<string, NumberRange> Ranges { get; set; } = new Dictionary<string, NumberRange>();
}

/// <summary>Whole numbers evenly apart, both ends included.</summary>
public sealed record NumberRange
{
    [Description("The first.")]
    public required int From { get; set; }

    [Description("None is larger.")]
    public required int To { get; set; }

    [Description("From one to the next.")]
    public int Step { get; set; } = 1;
}
