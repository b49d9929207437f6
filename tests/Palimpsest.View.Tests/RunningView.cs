using System.Diagnostics;
using System.Globalization;

namespace Palimpsest.View.Tests;

/// <summary>palimpsest view, running, until it is told to end.</summary>
internal sealed class RunningView : IAsyncDisposable
{
    private readonly Process _process;

    private RunningView(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public static async Task<RunningView> Start(params string[] arguments)
    {
        Process process = Process.Start(StartOf(["view", .. arguments]))!;
        string line = await process.StandardOutput.ReadLineAsync() ?? await process.StandardError.ReadToEndAsync();
        return new RunningView(process, line[line.IndexOf("http:", StringComparison.Ordinal)..]);
    }

    /// <summary>Another verb, to its end.</summary>
    public static void Run(params string[] arguments)
    {
        using Process process = Process.Start(StartOf(arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>As Ctrl-C does.</summary>
    public async Task<int> Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Interrupt();
        }

        _process.Dispose();
    }

    // Whoever runs the suite in the background has Ctrl-C ignored, and so would its children.
    private static ProcessStartInfo StartOf(IEnumerable<string> arguments) =>
        new("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
}
