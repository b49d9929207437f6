using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>An experiment and the file that it was read from, which messages name with a line.</summary>
/// <param name="Path">Of the file, as it was given.</param>
/// <param name="Bytes">Of the file.</param>
public sealed partial record ExperimentFile(string Path, SweepExperiment Experiment, byte[] Bytes)
{
    private const long MostBytes = 1 << 24;

    private readonly Lazy<LinesOfJson> _lines = new(() => new LinesOfJson(Bytes));

    /// <summary>The schema that the file has to obey, as JSON.</summary>
    public static string Schema => ExperimentJson.Schema();

    /// <summary>The folder that its paths start from.</summary>
    internal string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <exception cref="InputException">There is no such file, or it is no experiment; with the line where one is to blame.</exception>
    public static ExperimentFile Read(string path)
    {
        byte[] bytes = InputFile.ReadBytes(path, MostBytes);
        // The first bytes that some editors write.
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        if (bytes.All(one => char.IsWhiteSpace((char)one)))
        {
            throw new InputException($"{path}:1: is empty; docs/sweeps.md shows what an experiment has");
        }

        try
        {
            RequireValues(path, bytes);
            SweepExperiment? experiment = JsonSerializer.Deserialize(bytes, ExperimentJson.Default.SweepExperiment);
            ExperimentFile file = new(path, experiment ?? throw new JsonException("the file is null"), bytes);
            file.Check();
            return file;
        }
        catch (JsonException exception)
        {
            long line = (exception.LineNumber ?? 0) + 1;
            string place = exception.Path is null or "$" ? "" : exception.Path.Replace("$.", "", StringComparison.Ordinal) + ": ";
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"{path}:{line}: {place}{Plain(exception.Message)}; docs/sweeps.md shows what an experiment has"), exception);
        }
    }

    /// <summary>What is wrong with a value of the file, in a line that names its place.</summary>
    /// <param name="place">As in designs[1].name.</param>
    internal InputException Wrong(string place, string message) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Path}:{_lines.Value.Of(place)}: {place}: {message}"));

    // What the types cannot say: there is no null in a list or for a name, and no path has a NUL in it.
    private static void RequireValues(string path, byte[] bytes)
    {
        JsonReaderOptions options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        Utf8JsonReader reader = new(bytes, options);
        while (reader.Read())
        {
            string? wrong = reader.TokenType == JsonTokenType.Null ? "null is none; leave it out"
                : reader.TokenType == JsonTokenType.String && reader.ValueSpan.IndexOf("\\u0000"u8) >= 0
                    ? "a text with a NUL in it names nothing" : null;
            if (wrong is not null)
            {
                int line = bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {wrong}"));
            }
        }
    }

    private void Check()
    {
        if (Experiment.Format != SweepExperiment.FileFormat)
        {
            throw Wrong("format", $"'{OneLine.Quote(Experiment.Format)}' is no experiment; write {SweepExperiment.FileFormat}");
        }

        if (Experiment.Version != SweepExperiment.FileVersion)
        {
            throw Wrong("version", $"{Experiment.Version} is none that this program knows; it reads {SweepExperiment.FileVersion}");
        }

        if (Experiment.Designs.Count == 0)
        {
            throw Wrong("designs", "there is none; name one at least");
        }

        if (Experiment.Seeds.Count == 0)
        {
            throw Wrong("seeds", "there is none; give one at least, or leave seeds out");
        }

        if (Experiment.Compare is null && Experiment.Run.Count == 0 && Experiment.Beyond is null)
        {
            throw Wrong("compare", "there is nothing to do; add compare, run or beyond");
        }

        if (Experiment.Compare is { } compare && (compare.Views.Count == 0 || compare.Pins.Count == 0))
        {
            throw Wrong(compare.Views.Count == 0 ? "compare.views" : "compare.pins", "there is none; give one at least, or leave it out");
        }

        if (Experiment.Compare?.Views.Any(view => !Enum.IsDefined(view)) == true)
        {
            throw Wrong("compare.views", "write replay or full");
        }

        if (Experiment.Compare is not null && Experiment.Recordings.Count == 0)
        {
            throw Wrong("recordings", "compare needs one at least");
        }
    }

    // What the reader says of its own types and positions is nothing to whoever wrote the file.
    private static string Plain(string message)
    {
        string plain = Position().Replace(message, "").TrimEnd('.', ' ');
        return Unmapped().Match(plain) is { Success: true } unmapped ? $"there is no '{unmapped.Groups[1].Value}' here"
            : Duplicate().Match(plain) is { Success: true } twice ? $"'{twice.Groups[1].Value}' is there twice"
            : Missing().Match(plain) is { Success: true } missing ? $"{missing.Groups[1].Value} is missing"
            : plain.Contains("could not be converted", StringComparison.Ordinal) ? "a value of another kind belongs here" : plain;
    }

    [GeneratedRegex(@"\s*(Path: \S* \| )?LineNumber: \d+ \| BytePositionInLine: \d+\.?")]
    private static partial Regex Position();

    [GeneratedRegex("The JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("[Dd]uplicate property '(.*?)'")]
    private static partial Regex Duplicate();

    [GeneratedRegex("missing required properties including: ('.*')")]
    private static partial Regex Missing();
}
