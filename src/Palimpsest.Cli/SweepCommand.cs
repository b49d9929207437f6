using System.CommandLine;
using Palimpsest.Nats;
using Palimpsest.Sweeps;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest sweep: an experiment over many recordings, designs and seeds, in this process or over workers.</summary>
internal sealed class SweepCommand
{
    private const string FolderSuffix = ".sweep";

    private readonly InputArgument _file = new("EXPERIMENT.json") { Description = "what is crossed with what (docs/sweeps.md)" };
    private readonly OutputOption _out = new("--out")
    {
        Description = "folder for the results, which a later call goes on with; the name of the experiment and .sweep without it",
        HelpName = "FOLDER",
    };

    private readonly DisplayOption _plan = new("--plan") { Description = "print the cells, and what they take, and do nothing" };
    private readonly Option<int?> _threads = new("--threads") { Description = "cells at a time; as many as there are cores without it",
        HelpName = "N" };
    private readonly Option<string?> _engine = new("--engine")
    {
        Description = "NATS server over which workers compute the cells, nats://HOST:4222; this process does without it", HelpName = "URL",
    };

    private readonly ServerOptionsGroup _server = new();
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors" };

    public static Command Create() => new SweepCommand().Build();

    private Command Build()
    {
        Command command = new("sweep", "Runs an experiment: many recordings, designs, parameters and seeds; goes on where it was stopped.")
        {
            _file, _out, _plan, _threads, _engine, _quiet,
        };
        _server.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetValue(_file)!;
        int threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount;
        if (threads is < 1 or > 1024)
        {
            throw new UsageException($"--threads {threads}: give 1 to 1,024");
        }

        if (parsed.GetValue(_engine) is null)
        {
            _server.RequireNone(parsed, "--engine too");
        }
        else if (parsed.GetValue(_threads) is not null && !parsed.GetValue(_plan))
        {
            throw new UsageException("--threads: with --engine workers compute the cells; give it to palimpsest worker");
        }

        ExperimentFile file = ExperimentFile.Read(path);
        SweepPlan plan = SweepPlan.Of(file);
        if (parsed.GetValue(_plan))
        {
            Shown.Write(terminal => SweepText.WritePlan(terminal, plan, threads));
            return ExitCode.Holds;
        }

        string folder = parsed.GetValue(_out) ?? Path.GetFileNameWithoutExtension(path) + FolderSuffix;
        using ResultFolder results = Opened(folder, plan, file);
        bool isQuiet = parsed.GetValue(_quiet);
        TellDamage(results);
        int before = results.Count;
        using (CellProgress progress = new(isOn: !isQuiet, folder))
        {
            if (parsed.GetValue(_engine) is { } url)
            {
                NatsEngine engine = new(plan, results, _server.Read(parsed, url))
                {
                    Name = Path.GetFileNameWithoutExtension(path), Note = isQuiet ? null : Failure.Tell,
                };
                await engine.Run(progress.Tell, cancellation);
            }
            else
            {
                new LocalEngine(plan, results, new CellRunner(plan.Inputs).Run, threads).Run(progress.Tell, cancellation);
            }
        }

        if (!isQuiet)
        {
            Shown.Write(terminal => SweepText.WriteEnd(terminal, plan, results, before));
        }

        return CodeOf(plan, results);
    }

    private static ResultFolder Opened(string folder, SweepPlan plan, ExperimentFile file)
    {
        OutputFile.MakeFolder(folder);
        try
        {
            return ResultFolder.Open(folder, plan, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(ExitCode.OutputNotMade, $"{folder}: no results can be made there "
                + $"({OutputException.ReasonOf(exception)}); make room, or give another folder with --out", exception);
        }
    }

    /// <summary>Cells without figures are told, whoever is quiet: those of an earlier call too.</summary>
    private static int CodeOf(SweepPlan plan, ResultFolder results)
    {
        if (results.Failed > 0)
        {
            Failure.Tell(InvariantText.Of($"{results.Failed:N0} of {plan.Count:N0} cells broke three times, a mistake of this program; ")
                + $"{results.Path}/set-aside.txt says how");
            return ExitCode.Internal;
        }

        if (results.Refused > 0)
        {
            Failure.Tell(InvariantText.Of($"{results.Refused:N0} of {plan.Count:N0} cells were refused, which have no figures; ")
                + $"palimpsest results {results.Path} says why");
            return ExitCode.BadInput;
        }

        return ExitCode.Holds;
    }

    private static void TellDamage(ResultFolder results)
    {
        foreach (string name in results.Damaged)
        {
            Failure.Tell($"{Path.Combine(results.Path, name)}: damaged, and kept as {name}.damaged; its cells are computed again");
        }
    }
}
