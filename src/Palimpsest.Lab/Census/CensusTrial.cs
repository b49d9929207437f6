using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>A machine whose pages are counted: the running one, or a copy of its kpageflags.</summary>
public sealed record CensusTrial
{
    /// <summary>Where the running kernel tells.</summary>
    public const string OwnMachine = "/proc";

    /// <summary>A folder with a kpageflags (.zst, .gz or plain), or that file.</summary>
    public string Path { get; set; } = OwnMachine;

    private string Name => Path == OwnMachine ? Path : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>What is taken to be tagged.</summary>
    public CensusCandidates Candidates { get; init; }

    /// <summary>Only their memory: NAME with * and ?, or PID; all where there is none.</summary>
    public IReadOnlyList<string> Processes { get; set; } = [];

    /// <summary>As the files tell without it, else 4,096.</summary>
    public int? PageBytes { get; init; }

    /// <exception cref="InputException">There is no whole kpageflags, or it may not be read; or no such process.</exception>
    public CensusResult Run(TrialProgress? progress = null, CancellationToken cancellation = default)
    {
        CensusSource source = CensusSource.Find(Path, PageBytes);
        ProcessCensus processes = new(source, Processes, Candidates);
        bool isPart = Processes.Count > 0 || Candidates == CensusCandidates.MteAreas;
        BlockMasks? among = isPart ? processes.Union(cancellation) : null;
        PageFlagsTally tally = new(Candidates, among, source.Ram?.Banks ?? []);
        Pfn first = PageFlagsFile.Read(source, tally, progress?.Reading, cancellation);
        if (first.Value > 0 && source.Ram is { Banks.Count: > 0 } ram)
        {
            // Only its end told where it begins, and so where in it RAM lies.
            tally = new(Candidates, among, [.. ram.Banks.Where(bank => bank.Start >= first)
                .Select(bank => new PfnRange(new(bank.Start - first), new(bank.End - first)))]);
            PageFlagsFile.Read(source, tally, progress?.Reading, cancellation);
        }

        PageFlagsFile.RefuseStranger(source, tally, first);
        (long frames, long carveOut) = Memory(source, tally);
        return new CensusResult(Name, source.PageBytes, frames, carveOut, Candidates, Processes, tally.All, tally.Base, tally.Huge,
            tally.Kinds, tally.Neighbours, processes.Each(tally.Candidates, cancellation), tally.Map(first.Value),
            [.. Notes(source, tally, processes)]);
    }

    /// <summary>Frames, and tag pages for all of them.</summary>
    private static (long Frames, long CarveOut) Memory(CensusSource source, PageFlagsTally tally) =>
        Unexplained(source, tally) > 0 && source.Ram?.Present is { } present
            ? (present, (present + TagGeometry.DataFramesPerStorageFrame - 1) / TagGeometry.DataFramesPerStorageFrame)
            : (tally.Frames, tally.BlocksWithFrames);

    /// <summary>Entries without a flag that zoneinfo does not count as pages, where nothing tells which they are.</summary>
    private static long Unexplained(CensusSource source, PageFlagsTally tally) =>
        source.Ram is { Banks.Count: 0, Present: { } present } ? Math.Max(0, tally.Frames - present) : 0;

    private IEnumerable<string> Notes(CensusSource source, PageFlagsTally tally, ProcessCensus processes)
    {
        if (PageFlagsFile.Doubt(source, tally) is { } doubt)
        {
            yield return doubt;
        }

        if (source.IsPageSizeAssumed)
        {
            yield return "Nothing beside the copy tells the size of a page; 4 KiB are assumed (--page-size), which changes MiB and no "
                + "count.";
        }

        if (Unexplained(source, tally) is > 0 and var unexplained)
        {
            yield return InvariantText.Of($"{unexplained:N0} entries more than {source.Ram!.Place} counts pages: holes that the kernel ")
                + "shows as pages of its own. Put the machine's /proc/iomem (root) beside it to tell them apart.";
        }

        if (processes.CutShort > 0)
        {
            yield return InvariantText.Of($"{processes.CutShort:N0} times a process had more than 1 TiB of addresses; the rest of it was ")
                + "not looked at.";
        }

        if (tally.All.Pages == 0)
        {
            yield return Candidates switch
            {
                CensusCandidates.Tagged => "No page has tags (bit 41, PG_mte_tagged on arm64): the machine has no MTE, or nobody uses it.",
                CensusCandidates.MteAreas => "No area with pages is marked mt in smaps: the machine has no MTE, or nobody maps PROT_MTE.",
                _ => "No page is anonymous.",
            };
        }
    }
}
