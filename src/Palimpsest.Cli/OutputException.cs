using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>An output that cannot be had. The message is one line: what, why, what to do.</summary>
/// <param name="exitCode"><see cref="ExitCode.OutputNotMade"/> or <see cref="ExitCode.BrokenOff"/>.</param>
internal sealed class OutputException(int exitCode, string message, Exception? inner = null) : Exception(OneLine.Of(message), inner)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What the system says of it, without the name that it says it of.</summary>
    public static string ReasonOf(Exception exception) => exception is UnauthorizedAccessException
        ? "permission denied"
        : exception is FileNotFoundException or DirectoryNotFoundException ? "no file can be made there"
        : exception.Message.Split(" : '")[0].TrimEnd('.');
}
