using Palimpsest.Lab.Trials;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Engines;

/// <summary>progress.json in a folder of results: how far the sweep is, for who looks on from elsewhere; no result depends on it.</summary>
public sealed class SweepProgressFile(string folder)
{
    private const long MostBytes = 1 << 16;

    private readonly string _path = Path.Combine(folder, "progress.json");

    /// <summary>Replaces the file as a whole: a reader sees the one or the other.</summary>
    public void Write(SweepProgress progress) => ResultFolder.WriteWhole(_path, progress.ToBytes());

    /// <summary>What was written last, and when, UTC; null where nothing was, or nothing that can be read.</summary>
    public (SweepProgress Progress, DateTime Written)? Read()
    {
        try
        {
            return SweepProgress.TryParse(InputFile.ReadBytes(_path, MostBytes)) is { } progress
                ? (progress, File.GetLastWriteTimeUtc(_path)) : null;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
