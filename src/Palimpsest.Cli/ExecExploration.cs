using System.CommandLine;
using System.Text;
using Palimpsest.Lab.Recordings;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Races;
using Palimpsest.Races.Guests;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>exec --explore: which interleaving breaks a program, and is it gone with the safeguard?</summary>
internal sealed class ExecExploration
{
    private const ulong LeastRam = 4UL << 20;
    private const ulong DefaultRam = 8UL << 20;
    private const ulong MostRam = 1UL << 30;
    private const int MostBytes = 1 << 20;
    private const int Many = 1_000_000_000;

    private readonly Option<bool> _explore = new("--explore") { Description = "interleave its threads, and caches and daemons beside "
        + "them, in many ways: a run fails when a law is broken, or the program ends otherwise or with more tag faults than by itself" };
    private readonly Option<string[]> _without = new("--without") { Description = "with --explore: safeguard that is left out in a "
        + "first search; may be repeated (palimpsest list safeguards)", HelpName = "SAFEGUARD" };
    private readonly Option<string[]> _beside = new("--beside") { Description = "with --explore: who acts beside its threads, once, "
        + "caches twice: cache, reclaim, compaction, packing; may be repeated; cache and reclaim without it", HelpName = "WHO" };
    private readonly Option<bool> _noticed = new("--noticed") { Description = "with --explore: a run fails only where the program itself "
        + "notices, not where a law is broken without it" };
    private readonly Option<long> _from = new("--from") { Description = "with --explore: instructions of the program before its threads "
        + "are interleaved", HelpName = "N" };
    private readonly Option<int> _window = new("--window") { Description = "with --explore: steps of each thread that are interleaved",
        HelpName = "N", DefaultValueFactory = _ => new GuestWindow().Steps };
    private readonly Option<int> _step = new("--step") { Description = "with --explore: instructions of a step, at most; faults and "
        + "system calls end it", HelpName = "N", DefaultValueFactory = _ => new GuestWindow().Instructions };
    private readonly Option<int> _schedules = new("--schedules") { Description = "with --explore: runs of each search at random, at "
        + "most, after a tenth as many one by one", HelpName = "N", DefaultValueFactory = _ => 2_000 };
    private readonly Option<int> _preemptions = new("--preemptions") { Description = "with --explore: bound of the exhaustive search",
        HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly OutputOption _schedule = new("--schedule") { Description = "with --explore: write the shortest failing schedule",
        HelpName = "FILE" };
    private readonly Option<string?> _replay = new("--replay") { Description = "run the schedule in a file again, step by step, with "
        + "the options that it was found with", HelpName = "FILE" };

    private Option[] OfSearch => [_without, _beside, _noticed, _from, _window, _step, _schedules, _preemptions, _schedule];

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_explore, _replay, .. OfSearch])
        {
            command.Add(option);
        }

        _without.CompletionSources.Add(Names.Of("safeguards"));
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_explore) || parsed.GetValue(_replay) is not null;

    /// <exception cref="UsageException">An option of it is there, and it is not asked for.</exception>
    public void RequireAsked(ParseResult parsed)
    {
        foreach (Option option in OfSearch)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"{option.Name}: only --explore has it; add --explore, or leave it out");
            }
        }
    }

    /// <param name="exec">The program, under one design.</param>
    /// <param name="board">As it was asked for, or empty.</param>
    public int Run(ParseResult parsed, ExecTrial exec, BoardInput board, Outputs outputs, CancellationToken cancellation)
    {
        if (parsed.GetValue(_explore) && parsed.GetValue(_replay) is not null)
        {
            throw new UsageException("--replay and --explore are two things; give one of them");
        }

        GuestRaceTrial trial = Trial(parsed, exec, board);
        return parsed.GetValue(_replay) is { } path
            ? Replay(trial, path, outputs) : Explore(trial, parsed.GetValue(_schedule), outputs, cancellation);
    }

    private static int Explore(GuestRaceTrial trial, string? schedule, Outputs outputs, CancellationToken cancellation)
    {
        if (schedule is not null)
        {
            OutputFile.Check(schedule);
        }

        RaceOutcome race;
        using (SearchLine progress = new(isOn: !outputs.IsQuiet))
        {
            race = trial.Run(progress.Of("program"), cancellation);
            progress.End("program");
        }

        cancellation.ThrowIfCancellationRequested();
        outputs.Say(RaceText.Whole(race));
        if (schedule is not null && race.Failing is { } failing)
        {
            OutputFile.WriteText(schedule, writer => writer.Write($"# {race.Design}: {failing.Law}\n{failing.Schedule}\n"));
        }

        outputs.Json((stream, made) => ExploreJson.Write(stream, [race], made));
        outputs.Html((writer, made) => ExploreHtml.Write(writer, [race], made));
        return race.Failing is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private static int Replay(GuestRaceTrial trial, string path, Outputs outputs)
    {
        ToldRun run = trial.Replay(path, Encoding.UTF8.GetString(InputFile.ReadBytes(path, MostBytes)));
        outputs.Json((stream, made) => ReplayJson.Write(stream, run, made));
        outputs.Say(RunTable.Print(run));
        return run.Law is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private GuestRaceTrial Trial(ParseResult parsed, ExecTrial exec, BoardInput board)
    {
        if (exec.Designs is not [string design])
        {
            throw new UsageException("--explore: a search is under one design; name one --design");
        }

        GuestRaceTrial trial = new(exec.Guest, Machine(board, exec.SwapBytes))
        {
            Design = design,
            Without = parsed.GetValue(_without) ?? [],
            IsAudited = !parsed.GetValue(_noticed),
            Window = new GuestWindow(
                InRange(_from, parsed.GetValue(_from), 0), (int)InRange(_window, parsed.GetValue(_window), 1),
                (int)InRange(_step, parsed.GetValue(_step), 1)),
            Limits = new RaceLimits(
                (int)InRange(_schedules, parsed.GetValue(_schedules), 1), (int)InRange(_preemptions, parsed.GetValue(_preemptions), 0),
                exec.Guest.Seed),
        };
        return parsed.GetValue(_beside) is { Length: > 0 } named ? trial with { Neighbours = [.. named.Distinct().Select(Named)] } : trial;
    }

    private static GuestMachine Machine(BoardInput board, ulong? swapBytes)
    {
        if (board.TreePath is null)
        {
            ulong ram = board.RamBytes ?? DefaultRam;
            if (ram is < LeastRam or > MostRam)
            {
                throw new UsageException($"--ram {ram}: a machine is made for each run of a search; give 4M to 1G");
            }

            return GuestMachine.Small(ram, PagesOf(swapBytes ?? ram / 2));
        }

        (MemoryBoard made, PageGeometry geometry, _, _) = board.Read();
        return geometry.PageBytes == PageGeometry.Page4K.PageBytes
            ? new GuestMachine(made, geometry, PagesOf(swapBytes ?? made.DataBytes / 2))
            : throw new UsageException("exec: programs run on pages of 4 KiB");
    }

    private static int PagesOf(ulong bytes) => (int)Math.Min(bytes / (ulong)PageGeometry.Page4K.PageBytes, int.MaxValue / 4);

    private static GuestNeighbour Named(string name) => Enum.TryParse(name, ignoreCase: true, out GuestNeighbour neighbour)
        && Enum.IsDefined(neighbour) && !int.TryParse(name, out _) ? neighbour
        : throw new UsageException($"--beside {name}: choose from {string.Join(", ", Enum.GetNames<GuestNeighbour>()).ToLowerInvariant()}");

    private static long InRange(Option option, long value, long least) =>
        value >= least && value <= Many ? value : throw new UsageException($"{option.Name} {value}: give {least} to {Many:N0}");
}
