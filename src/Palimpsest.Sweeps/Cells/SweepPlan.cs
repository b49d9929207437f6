using Palimpsest.Designs;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Cells;

/// <summary>All cells of an experiment in order: settings, in each of them designs, of each of them seeds. None is there twice.</summary>
// Cells are made when they are asked for: a plan of a million takes no more room than what it is crossed from.
public sealed class SweepPlan
{
    private static readonly ulong[] NoSeed = [0];

    private readonly int[] _starts;
    private readonly string[] _texts;

    private SweepPlan(IReadOnlyList<CellSetting> settings, IReadOnlyList<DesignChoice> designs, IReadOnlyList<ulong> seeds,
        LocalInputs inputs)
    {
        (Settings, Designs, Seeds, Inputs) = (settings, designs, seeds, inputs);
        Labels = [.. designs.Select(design => design.ChangedText.Length == 0 ? design.Name : $"{design.Name}:{design.ChangedText}")];
        _texts = [.. settings.Select(setting => setting.Text)];
        _starts = new int[settings.Count + 1];
        for (int at = 0; at < settings.Count; at++)
        {
            long end = _starts[at] + ((long)designs.Count * SeedsOf(settings[at]).Count);
            _starts[at + 1] = end <= int.MaxValue ? (int)end
                : throw new InputException($"more than {int.MaxValue:N0} cells; split the experiment");
        }
    }

    /// <summary>In the order of the experiment.</summary>
    public IReadOnlyList<CellSetting> Settings { get; }

    /// <summary>With every combination of their parameters.</summary>
    public IReadOnlyList<DesignChoice> Designs { get; }

    /// <summary>As the experiment has them.</summary>
    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>What the cells read.</summary>
    public LocalInputs Inputs { get; }

    /// <summary>Cells in all.</summary>
    public int Count => _starts[^1];

    /// <summary>NAME, or NAME:PARAMETER=VALUE,... of each design.</summary>
    internal IReadOnlyList<string> Labels { get; }

    /// <summary>The cell at a place of the order.</summary>
    public Cell this[int index]
    {
        get
        {
            (int setting, int design, ulong seed) = Parts(index);
            return new Cell(Settings[setting], Labels[design], seed);
        }
    }

    /// <exception cref="InputException">Something in the experiment cannot be, with its line, or an input cannot be read.</exception>
    public static SweepPlan Of(ExperimentFile file)
    {
        LocalInputs inputs = new();
        IReadOnlyList<DesignChoice> designs = DesignExpansion.Of(file);
        HashSet<string> seen = [];
        CellSetting[] settings = [.. SettingExpansion.Of(file, inputs).Where(setting => seen.Add(setting.Text))];
        return new SweepPlan(settings, designs, [.. file.Experiment.Seeds.Distinct()], inputs);
    }

    /// <summary>A plan that was kept with its results, whose inputs may be gone.</summary>
    internal static SweepPlan Kept(IReadOnlyList<CellSetting> settings, IReadOnlyList<string> designs, IReadOnlyList<ulong> seeds) =>
        new(settings, [.. designs.Select(DesignCatalog.Parse)], seeds, new LocalInputs());

    /// <summary>The key of a cell of the plan.</summary>
    /// <param name="build">The program, as <see cref="BuildIdentity"/> has it.</param>
    public CellKey KeyOf(int index, string build)
    {
        (int setting, int design, ulong seed) = Parts(index);
        return Cell.KeyOf(build, _texts[setting], Labels[design], seed);
    }

    /// <summary>What a cell is crossed from: places in the lists of settings and designs.</summary>
    internal (int Setting, int Design, ulong Seed) Parts(int index)
    {
        int at = Array.BinarySearch(_starts, index);
        at = at >= 0 ? at : ~at - 1;
        IReadOnlyList<ulong> seeds = SeedsOf(Settings[at]);
        int within = index - _starts[at];
        return (at, within / seeds.Count, seeds[within % seeds.Count]);
    }

    private IReadOnlyList<ulong> SeedsOf(CellSetting setting) => setting.HasChance ? Seeds : NoSeed;
}
