using System.CommandLine;
using System.Text;
using Palimpsest.Lab.Trials;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>palimpsest replay: a schedule that explore wrote, again.</summary>
internal sealed class ReplayCommand
{
    private const int MostBytes = 1 << 20;

    private readonly InputArgument _file = new("SCHEDULE") { Description = "file with a schedule, as explore --schedule writes it" };
    private readonly Option<string?> _design = new("--design") { Description = "design; the race's own without it", HelpName = "DESIGN" };
    private readonly Option<string[]> _without = new("--without") { Description = "safeguard that is left out; the race's own without it",
        HelpName = "SAFEGUARD" };

    private readonly OwnLibrary _own = new(OwnKinds.Designs | OwnKinds.Races);
    private readonly OutputOptionsGroup _output = new($"{ReplayJson.Format} version {ReplayJson.Version}");

    public static Command Create() => new ReplayCommand().Build();

    private Command Build()
    {
        Command command = new("replay", "Runs a schedule again, step by step.") { _file, _design, _without };
        _own.AddTo(command);
        _output.AddTo(command);
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], standardInput: null));
        OwnParts own = _own.Read(parsed);
        ScheduleTrial trial = new(path, Encoding.UTF8.GetString(InputFile.ReadBytes(path, MostBytes)))
        {
            Design = parsed.GetValue(_design),
            Without = parsed.GetValue(_without) ?? [],
            Own = own.Designs,
            OwnRaces = own.Races,
        };
        ToldRun run = _own.Told(parsed, trial.Run);
        outputs.Json((stream, made) => ReplayJson.Write(stream, run, made));
        outputs.Say(RunTable.Print(run));
        return run.Law is null ? ExitCode.Holds : ExitCode.LawViolated;
    }
}
