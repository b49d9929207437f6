using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>
/// Tells which allocations are tagged. <c>flag</c>: __GFP_ZEROTAGS. <c>policy:PATTERN,...</c>: zeroed movable user
/// pages of the named processes, whatever the recorded kernel did. <c>mapped</c>: what a kprobe on mte_sync_tags saw mapped
/// tagged, and what carries the flag. <c>snapshot</c>: what copies of /proc/kpageflags show tagged, and what carries the flag.
/// </summary>
public sealed class TagSource
{
    private const GfpFlags AnonymousUserPage = GfpFlags.Movable | GfpFlags.Zero | GfpFlags.HardWall;

    private readonly Func<GfpFlags, bool> _flags;
    private readonly Func<TraceTask, bool> _task;

    private TagSource(string name, Func<GfpFlags, bool> flags, Func<TraceTask, bool> task)
    {
        Name = name;
        _flags = flags;
        _task = task;
    }

    /// <summary>As <c>--tag-source</c> has it.</summary>
    public string Name { get; }

    /// <summary>Allocations with __GFP_ZEROTAGS: a lower bound of what is tagged.</summary>
    public static TagSource Flag { get; } = new("flag", flags => (flags & GfpFlags.ZeroTags) != 0, _ => true);

    /// <summary>The pages that were mapped tagged; a recording without the probe has none.</summary>
    public static TagSource Mapped { get; } = new("mapped", Flag._flags, Flag._task);

    /// <summary>The pages that were tagged when snapshots were taken; the options of the workload have them.</summary>
    public static TagSource Snapshot { get; } = new("snapshot", Flag._flags, Flag._task);

    /// <summary>What a list of processes begins with.</summary>
    internal const string PolicyPrefix = "policy:";

    /// <param name="text"><c>flag</c>, <c>mapped</c>, <c>snapshot</c>, or <c>policy:</c> and a comma-separated list of process names (with
    /// * and ?) or <c>pid=N</c>.</param>
    /// <exception cref="UsageException">None of these.</exception>
    public static TagSource Parse(string text)
    {
        if (new[] { Flag, Mapped, Snapshot }.FirstOrDefault(source => source.Name == text) is { } named)
        {
            return named;
        }

        string[] patterns = text.StartsWith(PolicyPrefix, StringComparison.Ordinal)
            ? text[PolicyPrefix.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (patterns.Length == 0)
        {
            throw new UsageException($"--tag-source {text}: give 'flag', 'mapped', 'snapshot', or 'policy:' and process names or pid=N, "
                + "e.g. policy:redis*,pid=812");
        }

        Func<TraceTask, bool>[] rules = [.. patterns.Select(TraceFilter.TaskRule)];
        return new TagSource(text, flags => (flags & AnonymousUserPage) == AnonymousUserPage, task => rules.Any(rule => rule(task)));
    }

    /// <summary>Verdict for each gfp set and each task of a recording; an allocation is tagged when both say so.</summary>
    internal (bool[] ByGfp, bool[] ByTask) Resolve(Trace trace) =>
        ([.. trace.GfpSets.Select(_flags)], [.. trace.Tasks.Select(_task)]);
}
