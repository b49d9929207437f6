using System.Text.Json;
using System.Text.Json.Serialization;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>What a folder of results says of the sweep that filled it last.</summary>
/// <param name="Build">The program: results of others may lie there too.</param>
/// <param name="Cells">Cells of its plan.</param>
public sealed record SweepFacts(string Build, int Cells)
{
    internal const string FileName = "made-by.json";

    private const long MostBytes = 1 << 20;

    /// <exception cref="InputException">The folder has no results.</exception>
    public static SweepFacts Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new MissingInputException($"{folder}: no results of a sweep; give the folder that palimpsest sweep wrote");
        }

        try
        {
            return JsonSerializer.Deserialize(InputFile.ReadBytes(path, MostBytes), SweepFactsJson.Default.SweepFacts)
                is { Build: not null, Cells: >= 0 } facts ? facts : throw new JsonException("it names no build or no cells");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path}: is damaged; run the sweep again, which makes it anew", exception);
        }
    }

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SweepFactsJson.Default.SweepFacts);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(SweepFacts))]
internal sealed partial class SweepFactsJson : JsonSerializerContext;
