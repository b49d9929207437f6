using System.CommandLine;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest replay: a schedule that explore wrote, again.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _file = new("SCHEDULE") { Description = "file with a schedule, as explore --schedule writes it" };
    private readonly Option<string?> _design = new("--design") { Description = "design; the race's own without it", HelpName = "DESIGN" };
    private readonly Option<string[]> _without = new("--without") { Description = "safeguard that is left out; the race's own without it", HelpName = "SAFEGUARD" };

    public static Command Create() => new ReplayCommand().Build();

    private Command Build()
    {
        Command command = new("replay", "Runs a schedule again, step by step.") { _file, _design, _without };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        Schedule schedule = Read(path);
        Safeguards without = parsed.GetValue(_without) is { Length: > 0 } names
            ? names.Aggregate(Safeguards.None, (all, name) => all | RaceCatalog.Parse(name))
            : SafeguardOf(path, schedule);
        Repeat repeat = Replay(schedule, parsed.GetValue(_design), without);
        if (repeat.Divergence is { } divergence)
        {
            throw new InputException($"{path}: the run differs from the schedule: {divergence}; give the design and the safeguards that it was found with");
        }

        Console.Out.Write(RunTable.Print(repeat.Run));
        return repeat.Run.Failure is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private static Repeat Replay(Schedule schedule, string? design, Safeguards without)
    {
        try
        {
            return RaceSearch.Replay(schedule, design, without);
        }
        catch (RaceDoesNotApplyException exception) when (design is not null)
        {
            throw new UsageException($"{schedule.Scenario} cannot be set up under {design}: {exception.Message}");
        }
    }

    private static Safeguards SafeguardOf(string path, Schedule schedule)
    {
        try
        {
            return RaceCatalog.SafeguardOf(schedule.Scenario);
        }
        catch (UsageException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }

    private static Schedule Read(string path)
    {
        try
        {
            return Schedule.Parse(System.Text.Encoding.UTF8.GetString(InputFile.ReadBytes(path, 1 << 20)));
        }
        catch (ScheduleFormatException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }
}
