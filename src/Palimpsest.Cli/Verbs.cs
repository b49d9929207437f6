using System.CommandLine;
using System.CommandLine.Parsing;

namespace Palimpsest.Cli;

/// <summary>All that the program can be told to do.</summary>
internal static class Verbs
{
    public static RootCommand Root() => new("Compares ways to lend the tag storage of Arm MTE, on recordings of real kernels.")
    {
        CompareCommand.Create(),
        RunCommand.Create(),
        ExploreCommand.Create(),
        ReplayCommand.Create(),
        VerifyCommand.Create(),
        CensusCommand.Create(),
        InspectCommand.Create(),
        RecordCommand.Create(),
        RerunCommand.Create(),
        DiffCommand.Create(),
    };

    /// <summary>The command that explains the verb that was called.</summary>
    public static string HelpOf(CommandResult called) =>
        called.Command is RootCommand ? "palimpsest --help" : $"palimpsest {called.Command.Name} --help";
}
