namespace Palimpsest.Sweeps.Results;

/// <summary>The files of results in a folder, for who reads them without a plan.</summary>
public static class ResultFiles
{
    /// <summary>Of their names.</summary>
    public const string Pattern = BatchFile.Pattern;

    public static IEnumerable<string> All(string folder) => Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal);

    /// <summary>Names of those whose bytes are not those that were written.</summary>
    public static IReadOnlyList<string> Damaged(string folder) =>
        [.. All(folder).AsParallel().AsOrdered().Where(path => !BatchFile.IsWhole(path)).Select(path => Path.GetFileName(path)!)];
}
