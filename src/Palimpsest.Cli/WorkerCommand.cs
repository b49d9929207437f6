using System.CommandLine;
using System.Globalization;
using Palimpsest.Nats;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest worker: computes cells that sweeps send to a server, until it is told to stop.</summary>
internal sealed class WorkerCommand
{
    private const ulong UsualCacheBytes = 4UL << 30;
    private const string CacheFolder = "palimpsest";

    private readonly Argument<string> _url = new("URL") { Description = "NATS server, nats://HOST:4222 or tls://HOST:4222" };
    private readonly Option<int?> _threads = new("--threads") { Description = "cells at a time; as many as there are cores without it",
        HelpName = "N" };
    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "folder for the inputs that it is sent; in ~/.cache without it", HelpName = "DIR",
    };

    private readonly Option<ulong?> _cacheSize = new("--cache-size") { Description = "of inputs that are kept; 4G without it",
        HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors" };
    private readonly ServerOptionsGroup _server = new();

    public static Command Create() => new WorkerCommand().Build();

    private Command Build()
    {
        Command command = new("worker", "Computes cells of sweeps that are sent over a NATS server; Ctrl+C stops it, and loses nothing.")
        {
            _url, _threads, _cache, _cacheSize, _quiet,
        };
        _server.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount;
        if (threads is < 1 or > 1024)
        {
            throw new UsageException($"--threads {threads}: give 1 to 1,024");
        }

        NatsAddress address = _server.Read(parsed, parsed.GetValue(_url)!);
        string cache = parsed.GetValue(_cache) ?? UsualCache();
        OutputFile.MakeFolder(cache);
        WorkerOptions options = new(threads, cache,
            (long)(parsed.GetValue(_cacheSize) ?? UsualCacheBytes));
        await using NatsWorker worker = await NatsWorker.Open(address, options, cancellation);
        bool isQuiet = parsed.GetValue(_quiet);
        if (!isQuiet)
        {
            Console.Error.WriteLine($"palimpsest worker: {threads} cells at a time from {address}; Ctrl+C stops it");
        }

        await worker.Run(cancellation);
        if (!isQuiet)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"palimpsest worker: {worker.Done:N0} cells answered"));
        }

        return ExitCode.Holds;
    }

    private static string UsualCache() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } told ? told
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        CacheFolder);
}
