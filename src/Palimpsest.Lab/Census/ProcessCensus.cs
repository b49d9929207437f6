using System.Globalization;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>The processes of a /proc, and how the pages of each lie.</summary>
internal sealed class ProcessCensus
{
    private readonly IReadOnlyList<TraceTask> _chosen;
    private readonly ProcessPages _pages;
    private readonly string _folder;

    /// <param name="names">NAME with * and ?, or PID; all processes where there is none.</param>
    /// <exception cref="InputException">A name is that of no process.</exception>
    public ProcessCensus(CensusSource source, IReadOnlyList<string> names, CensusCandidates candidates)
    {
        _folder = source.Folder;
        _pages = new ProcessPages(source.Folder, source.PageBytes, candidates);
        bool needsAreas = candidates == CensusCandidates.MteAreas;
        TraceTask[] all = [.. Processes(source.Folder)];
        if ((names.Count > 0 || needsAreas) && all.Length == 0)
        {
            throw new InputException($"{source.Folder}: has no processes, which a copy of kpageflags does not keep; run census on the "
                + $"machine itself for {(needsAreas ? "--candidates mt" : "--process")}");
        }

        HashSet<TraceTask> chosen = [.. names.Count == 0 ? all : []];
        foreach (string name in names)
        {
            Func<TraceTask, bool> isMeant = TraceFilter.TaskRule(IsNumber(name) ? "pid=" + name : name);
            TraceTask[] meant = [.. all.Where(isMeant)];
            if (meant.Length == 0)
            {
                throw new InputException($"--process {name}: {source.Folder} has no such process; give a PID, or a name as ps -e shows it, "
                    + "with * and ?");
            }

            chosen.UnionWith(meant);
        }

        _chosen = [.. chosen.OrderBy(process => process.Pid)];
    }

    /// <summary>Processes with more addresses than were looked at.</summary>
    public int CutShort => _pages.CutShort;

    /// <summary>The pages of all of them.</summary>
    public BlockMasks Union(CancellationToken cancellation)
    {
        BlockMasks union = new();
        foreach (TraceTask process in _chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            _pages.Read(process.Pid, pfn =>
            {
                // What lies further is in no kpageflags that is read here.
                if (pfn.Value < PageFlagsFile.MostEntries)
                {
                    union.Add(BlockMasks.BlockOf(pfn), BlockMasks.BitOf(pfn));
                }
            });
        }

        RefuseHidden();
        return union;
    }

    /// <summary>How the candidates of each lie, most tag pages first; those without any are left out.</summary>
    public IReadOnlyList<ProcessScatter> Each(BlockMasks candidates, CancellationToken cancellation)
    {
        BlockMasks own = new();
        List<long> touched = [];
        List<ProcessScatter> processes = [];
        foreach (TraceTask process in _chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            _pages.Read(process.Pid, pfn =>
            {
                if (candidates.Contains(pfn) && own.Add(BlockMasks.BlockOf(pfn), BlockMasks.BitOf(pfn)))
                {
                    touched.Add(BlockMasks.BlockOf(pfn));
                }
            });
            FillTally fill = new();
            foreach (long block in touched)
            {
                fill.Add(own.Of(block));
                own.Clear(block);
            }

            if (touched.Count > 0)
            {
                processes.Add(new ProcessScatter(process.Pid, process.Comm, fill.Result()));
            }

            touched.Clear();
        }

        return [.. processes.OrderByDescending(process => process.Scatter.TagPages).ThenBy(process => process.Pid)];
    }

    private void RefuseHidden()
    {
        if (_pages.AreHidden)
        {
            throw new InputException($"{_folder}: pagemap does not tell where pages lie; sudo ./palimpsest census (it wants "
                + "CAP_SYS_ADMIN)");
        }
    }

    private static IEnumerable<TraceTask> Processes(string folder)
    {
        foreach (string process in Directory.EnumerateDirectories(folder))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && NameOf(process) is { } name)
            {
                yield return new TraceTask(pid, name);
            }
        }
    }

    private static string? NameOf(string process)
    {
        const int LongestName = 64;
        try
        {
            return OneLine.Quote(File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n'), LongestName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
