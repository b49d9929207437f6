using System.Diagnostics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>Whatever goes wrong ends in one line on standard error and an exit code, never in a stack trace.</summary>
internal static class Failure
{
    /// <summary>Runs a verb, or tells why it cannot.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Told(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            (int code, string message) = Of(exception);
            Tell(message);
            return code;
        }
    }

    /// <summary>A line on standard error, if anybody can read it.</summary>
    public static void Tell(string message)
    {
        try
        {
            Console.Error.WriteLine($"palimpsest: {OneLine.Of(message)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The exit code is all that is left.
        }
    }

    private static (int Code, string Message) Of(Exception exception) => exception switch
    {
        OutputException output => (output.ExitCode, output.Message),
        UsageException => (ExitCode.BadUsage, exception.Message),
        MissingInputException => (ExitCode.InputMissing, exception.Message),
        InputException => (ExitCode.BadInput, exception.Message),
        OutOfMemoryException => (ExitCode.NoMemory, "this machine has not the memory to model that much; model less RAM, with --ram, or "
            + "larger pages, with --page-size"),
        IOException or UnauthorizedAccessException => (ExitCode.BrokenOff, exception.Message.TrimEnd('.')),
        _ => (ExitCode.Internal, $"a mistake of this program, not of yours: {exception.GetType().Name}: {exception.Message} "
            + $"({Place(exception)}); report it with the command, please"),
    };

    /// <summary>The innermost of our own methods.</summary>
    private static string Place(Exception exception) => new StackTrace(exception).GetFrames()
        .Select(DiagnosticMethodInfo.Create)
        .Where(method => method?.DeclaringTypeName?.StartsWith(nameof(Palimpsest), StringComparison.Ordinal) == true)
        .Select(method => $"in {method!.DeclaringTypeName}.{method.Name}")
        .FirstOrDefault("outside of it");
}
