namespace Palimpsest.Cli;

/// <summary>What the shell is told; usage and input follow sysexits.h.</summary>
internal static class ExitCode
{
    public const int Holds = 0;
    public const int LawViolated = 1;
    public const int BadUsage = 64;
    public const int BadInput = 65;
    public const int Interrupted = 130;
}
