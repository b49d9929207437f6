using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Palimpsest.Nats.Tests;

namespace Palimpsest.View.Tests;

/// <summary>The page that follows sweeps: its figures move while cells are computed, here or over a server.</summary>
public sealed class SweepViewBrowserTests(Browser browser)
{
    private const int Cells = 60;

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "sweep.json");

    [Fact]
    public async Task ASweepInAFolderIsFollowedToItsEnd()
    {
        using TemporaryFile folder = new("phones.sweep");
        using Process sweep = Start("sweep", Sample, "--out", folder.Path, "--threads", "1", "--quiet");
        await For(() => File.Exists(Path.Combine(folder.Path, "journal")));
        await using RunningView view = await RunningView.Start(folder.Path);
        await using OpenedPage opened = await browser.Open(view.Address);
        double early = await Seen(opened, "section[data-state=running]");
        double later = await Seen(opened, "section[data-state=running]", early + 2);
        await opened.Page.Locator("tr[data-design=static]").WaitForAsync();
        string left = await opened.Page.Locator("[data-figure=left]").InnerTextAsync();
        await opened.Page.Locator("section[data-state=done]").WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
        await sweep.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.InRange(early, 1, Cells - 3);
        Assert.InRange(later, early + 2, Cells - 1);
        Assert.Matches("^[0-9]+ s$|^-$", left);
        Assert.Equal(Cells, await Figure(opened, "done"));
        Assert.True(await Figure(opened, "rate") > 0);
        Assert.Equal("phones.sweep", await opened.Page.Locator("section").GetAttributeAsync("data-sweep"));
        await opened.Page.WaitForFunctionAsync("() => document.querySelectorAll('tr[data-design]').length === 10");
        Assert.Equal("done", await opened.Page.Locator("#state").InnerTextAsync());
        Assert.Empty(opened.Complaints);
        Assert.Equal(0, await view.Interrupt());
    }

    [Fact]
    public async Task ASweepThatIsKilledIsSaidToHaveStopped()
    {
        using TemporaryFile folder = new("phones.sweep");
        using (Process sweep = Start("sweep", Sample, "--out", folder.Path, "--threads", "1", "--quiet"))
        {
            await For(() => File.Exists(Path.Combine(folder.Path, "journal"))
                && new FileInfo(Path.Combine(folder.Path, "journal")).Length > 1000);
            sweep.Kill();
            await sweep.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using RunningView view = await RunningView.Start(folder.Path);
        await using OpenedPage opened = await browser.Open(view.Address, width: 400);
        await opened.Page.Locator("section[data-state=stopped]").WaitForAsync();

        Assert.InRange(await Figure(opened, "done"), 1, Cells - 1);
        Assert.Equal("stopped", await opened.Page.Locator("#state").InnerTextAsync());
        Assert.True(await opened.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 400);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task ASweepOverAServerIsFollowedFromAnywhere()
    {
        using TemporaryFile folder = new("out");
        using NatsServer? server = NatsServer.Open(folder.Path + "-server");
        if (server is null)
        {
            return;
        }

        using Process worker = Start("worker", server.Url, "--threads", "1", "--cache", folder.Path + "-cache", "--quiet");
        using Process sweep = Start("sweep", Sample, "--out", folder.Path, "--engine", server.Url, "--quiet");
        try
        {
            await using RunningView view = await RunningView.Start(server.Url);
            await using OpenedPage opened = await browser.Open(view.Address);
            double early = await Seen(opened, "section[data-state=running]");
            await opened.Page.Locator("section[data-state=done]").WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });

            Assert.InRange(early, 1, Cells - 1);
            Assert.Equal(Cells, await Figure(opened, "done"));
            Assert.StartsWith("sweep-", await opened.Page.Locator("section").GetAttributeAsync("data-sweep"), StringComparison.Ordinal);
            Assert.Empty(opened.Complaints);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            await sweep.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Cells done, once there are so many in a sweep of a state.</summary>
    private static async Task<double> Seen(OpenedPage opened, string section, double least = 1)
    {
        string script = string.Create(CultureInfo.InvariantCulture, $"() => {{ const done = Number(document.querySelector('{section} "
            + $"[data-figure=done]')?.dataset.value); return done >= {least} && done; }}");
        IJSHandle seen = await opened.Page.WaitForFunctionAsync(script, null, new PageWaitForFunctionOptions { Timeout = 120_000 });
        return await seen.JsonValueAsync<double>();
    }

    private static async Task<double> Figure(OpenedPage opened, string name) => double.Parse(
        (await opened.Page.Locator($"[data-figure={name}]").GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture);

    private static async Task For(Func<bool> holds)
    {
        for (int attempt = 0; !holds(); attempt++)
        {
            Assert.True(attempt < 6000, "nothing happens");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), .. arguments]))!;
}
