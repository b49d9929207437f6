using System.Text.Json.Serialization;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A recording to work on.</summary>
/// <param name="Path">Its file, or "-" for standard input.</param>
public sealed record RecordingInput(string Path)
{
    /// <summary>What reports call it; the name of its file without one.</summary>
    public string? Name { get; init; }

    /// <summary>Release of the recorded kernel, as uname -r prints it, for files that do not tell.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>Events to look at; all without it.</summary>
    public TraceFilter? Part { get; init; }

    /// <summary>What "-" stands for; the standard input of the process without it.</summary>
    [JsonIgnore]
    public Stream? StandardInput { get; init; }

    /// <summary>Use what there is of a file that was cut off.</summary>
    public bool MayBeTruncated { get; init; }

    /// <exception cref="InputException">It cannot be read, is no recording, or was cut off and nobody said that this is known.</exception>
    /// <param name="logRelease">Release that the kernel log tells, for files that do not.</param>
    internal Trace Read(Action<long>? progress, TraceFilter? part, string? logRelease = null)
    {
        Trace trace = TraceFile.Read(
            Path, new TraceReadOptions
            {
                Progress = progress, KernelRelease = KernelRelease, OtherRelease = logRelease, Filter = part, StandardInput = StandardInput,
            });
        return trace.CutOff is not { } where || MayBeTruncated
            ? trace
            : throw new InputException($"{Path}: {where} Copy it again, or add --allow-truncated to use what there is");
    }

    /// <exception cref="InputException">There is no such file.</exception>
    internal void Require() => TraceFile.Require(Path);

    internal string NameInReports => Name ?? (Path == "-" ? "standard input" : System.IO.Path.GetFileName(Path));
}
