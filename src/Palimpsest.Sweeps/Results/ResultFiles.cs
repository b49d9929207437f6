using System.IO.Enumeration;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>The files of results in a folder, for who reads them without a plan.</summary>
public static class ResultFiles
{
    /// <summary>Of their names.</summary>
    public const string Pattern = BatchFile.Pattern;

    internal const string PlanName = "plan.keys";
    internal const string LockName = "lock";
    internal const string ExperimentName = "experiment.json";

    private static readonly string[] OwnNames =
        [PlanName, PlanFile.Name, SweepFacts.FileName, SetAsideCells.FileName, Journal.Name, LockName, ExperimentName, "progress.json"];

    /// <summary>Paths of the result files of a folder, by name.</summary>
    public static IEnumerable<string> All(string folder) => Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal);

    /// <summary>The file with the keys of the cells that were asked last; null in a folder without one.</summary>
    public static string? PlanOf(string folder) => Path.Combine(folder, PlanName) is var path && File.Exists(path) ? path : null;

    /// <summary>Is a folder one that a sweep has filled, or begun to?</summary>
    public static bool IsFolder(string folder) => File.Exists(Path.Combine(folder, SweepFacts.FileName));

    /// <summary>Is a file one of those that a folder of results consists of?</summary>
    public static bool IsOwn(string folder, string path)
    {
        string real = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        string name = Path.GetFileName(real);
        string place = Path.GetDirectoryName(Path.GetFullPath(real))!;
        // By a link the folder has another name: a file of any folder of results is one too many to write over.
        return (place == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) || IsFolder(place))
            && (OwnNames.Contains(name) || FileSystemName.MatchesSimpleExpression(Pattern, name));
    }

    /// <summary>The path of the first file in a folder that a sweep would write over; null where there is none.</summary>
    /// <param name="experiment">What it would write as the experiment: that file may be there.</param>
    internal static string? OwnIn(string folder, ReadOnlySpan<byte> experiment)
    {
        foreach (string path in OwnNames.Where(name => name != LockName).Select(name => Path.Combine(folder, name)).Where(Path.Exists))
        {
            bool isSame = Path.GetFileName(path) == ExperimentName && File.Exists(path)
                && File.ReadAllBytes(path).AsSpan().SequenceEqual(experiment);
            if (!isSame)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Names of those whose bytes are not those that were written.</summary>
    /// <exception cref="InputException">One cannot be read.</exception>
    public static IReadOnlyList<string> Damaged(string folder)
    {
        try
        {
            return [.. All(folder).AsParallel().AsOrdered().Where(path => !BatchFile.IsWhole(path))
                .Select(path => Path.GetFileName(path)!)];
        }
        catch (AggregateException exception) when (exception.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: {OneLine.Of(exception.InnerException.Message)}", exception);
        }
    }
}
