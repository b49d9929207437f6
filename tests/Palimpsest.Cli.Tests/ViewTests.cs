using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>The server of a view is for this machine alone, tells what runs, and ends when it is told to.</summary>
public sealed class ViewTests
{
    private static readonly string[] Quick = ["--design", "static", "--design", "cma-no-tagged"];

    [Fact]
    public async Task OnlyThisMachineUnderItsOwnNameIsAnswered()
    {
        await using Viewed view = await Viewed.Start(Quick);
        using HttpClient client = new();
        string page = await client.GetStringAsync(view.Address, TestContext.Current.CancellationToken);

        Assert.Contains("connect-src ws://127.0.0.1:" + view.Address.Port.ToString(CultureInfo.InvariantCulture), page,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await Status(client, view.Address, "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(client, view.Address, $"127.0.0.1:{view.Address.Port + 1}"));
        Assert.Equal(HttpStatusCode.OK, await Status(client, view.Address, $"localhost:{view.Address.Port}"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(client, new Uri(view.Address, "etc/passwd"), host: null));
    }

    [Fact]
    public async Task APageOfTheWebOpensNoSocket()
    {
        await using Viewed view = await Viewed.Start(Quick);
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(view.Film, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ALateListenerHearsAllAndTheEndIsClean()
    {
        await using Viewed view = await Viewed.Start(Quick);
        using ClientWebSocket early = new();
        await early.ConnectAsync(view.Film, TestContext.Current.CancellationToken);
        JsonElement[] heard = await Until(early, "done");
        using ClientWebSocket late = new();
        await late.ConnectAsync(view.Film, TestContext.Current.CancellationToken);
        JsonElement[] told = await Until(late, "done");

        Assert.Equal("start", Kind(heard[0]));
        Assert.Equal(["start", "design", "design", "done"], told.Select(Kind));
        Assert.Equal(told.Skip(1).Select(Text), heard[^3..].Select(Text));
        Assert.Equal(0, await view.Interrupt());
    }

    [Fact]
    public async Task AResultIsRunAgain()
    {
        using TemporaryFolder folder = new();
        string[] call = ["run", "server", "--steps", "300", "--seeds", "1", "--design", "packed", "--json", folder["run.json"]];
        Assert.Equal(0, CommandLine.Run(call).ExitCode);
        await using Viewed view = await Viewed.Start(folder["run.json"]);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(view.Film, TestContext.Current.CancellationToken);
        JsonElement[] told = await Until(socket, "done");

        Assert.Equal("packed", told.Single(message => Kind(message) == "design").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(64, "--port 99999: give 0 to 65535", "--port", "99999")]
    [InlineData(64, "view: writes no file; leave --json out", "--json", "x.json")]
    [InlineData(64, "view explore: only what compare and run do", "explore", "R7")]
    [InlineData(64, "there is no such workload", "run", "nosuch")]
    [InlineData(64, "there is no option --desing; did you mean --design?", "--desing", "packed")]
    [InlineData(66, "nosuch.dat: no such file", "nosuch.dat")]
    public void WhatCannotBeIsOneLine(int code, string words, params string[] arguments)
    {
        Finished finished = CommandLine.Run(["view", .. arguments]);

        Assert.Equal((code, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(words, finished.Errors, StringComparison.Ordinal);
        Assert.Equal(1, finished.Errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task APortInUseIsOneLine()
    {
        await using Viewed view = await Viewed.Start(Quick);
        Finished second = CommandLine.Run("view", "--port", view.Address.Port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(64, second.ExitCode);
        Assert.Contains("address already in use", second.Errors, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, Uri address, string? host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Host = host;
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static string? Kind(JsonElement message) => message.GetProperty("kind").GetString();

    private static string Text(JsonElement message) => message.GetRawText();

    private static async Task<JsonElement[]> Until(ClientWebSocket socket, string last)
    {
        List<JsonElement> messages = [];
        byte[] buffer = new byte[1 << 20];
        while (messages.Count == 0 || Kind(messages[^1]) != last)
        {
            int length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
                length += received.Count;
            }
            while (!received.EndOfMessage);
            messages.Add(JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, length)).RootElement.Clone());
        }

        return [.. messages];
    }
}

/// <summary>palimpsest view, until it is interrupted.</summary>
internal sealed class Viewed : IAsyncDisposable
{
    private readonly Process _process;

    private Viewed(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public Uri Film => new($"ws://127.0.0.1:{Address.Port}/film");

    public static async Task<Viewed> Start(params string[] arguments)
    {
        // Whoever runs the suite in the background has Ctrl-C ignored, and so would its children.
        ProcessStartInfo start = new("env",
            ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), "view", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync() ?? await process.StandardError.ReadToEndAsync();
        return new Viewed(process, new Uri(line[line.IndexOf("http:", StringComparison.Ordinal)..]));
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
}
