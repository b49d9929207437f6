using Palimpsest.Reports.Html;

namespace Palimpsest.Cli;

/// <summary>Of the native program, which has no DuckDB: how far a sweep is, and not what it tells.</summary>
internal sealed class SummarySoFar(string folder)
{
    public string Folder { get; } = folder;

    public IReadOnlyList<StandingTable> Tables() => [];
}
