using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest rerun: does this build get the same from the same inputs?</summary>
internal sealed class RerunCommand
{
    private const int MostOfStart = 512;

    private readonly InputArgument _result = new("RESULT.json") { Description = "what --json of any verb wrote" };
    private readonly InputOption _folder = new("--in") { Description = "folder with the inputs, by the names in the result; this folder "
        + "without it", HelpName = "DIR" };
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors; the exit code tells" };

    public static Command Create() => new RerunCommand().Build();

    private Command Build()
    {
        Command command = new("rerun", "Does again what made a result, and says 'same' or what differs.") { _result, _folder, _quiet };
        command.SetAction((parsed, _) => Run(parsed));
        return command;
    }

    private async Task<int> Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_result)!;
        JsonObject told = DiffCommand.Read(path);
        string[] call = CommandOf(told, path);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            EnterFolder(parsed.GetValue(_folder));
            int code = await Again([.. call, "--json", file, "--quiet"], path);
            if (!File.Exists(file))
            {
                return code;
            }

            IReadOnlyList<FigureDifference> differences = ResultDifference.Between(told, DiffCommand.Read(file));
            if (!parsed.GetValue(_quiet))
            {
                Shown.Write(terminal => DifferenceTable.Write(terminal, differences));
            }

            return differences.Count == 0 ? ExitCode.Holds : ExitCode.LawViolated;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Does a file look like what --json of a verb wrote?</summary>
    public static bool IsResult(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using StreamReader reader = new(path);
        char[] start = new char[MostOfStart];
        string text = new(start, 0, reader.ReadBlock(start));
        return text.TrimStart().StartsWith('{') && text.Contains("\"palimpsest.", StringComparison.Ordinal);
    }

    /// <summary>The command in a result, to be given again in the folder of its inputs.</summary>
    public static string[] CallOf(string path, string? folder)
    {
        string[] call = CommandOf(DiffCommand.Read(path), path);
        EnterFolder(folder);
        return call;
    }

    // Inputs are told by their base names, which say where they are once one is in their folder.
    private static void EnterFolder(string? folder)
    {
        if (folder is not null)
        {
            Directory.SetCurrentDirectory(Directory.Exists(folder) ? folder
                : throw new MissingInputException($"{folder}: no such folder; give the one with the inputs"));
        }
    }

    private static async Task<int> Again(string[] call, string path)
    {
        ParseResult again = Verbs.Root(call).Parse(call);
        return again.Errors.Count == 0
            ? await again.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false })
            : throw new InputException($"{path}: this build does not know the command in it ({again.Errors[0].Message})");
    }

    private static string[] CommandOf(JsonObject result, string path) =>
        result["provenance"]?["command"] is JsonArray { Count: > 0 } command
            && command.All(word => word?.GetValueKind() == JsonValueKind.String)
            ? [.. command.Select(word => word!.GetValue<string>())]
            : throw new InputException($"{path}: does not say what made it; it is of a version before 0.2");
}
