using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Palimpsest.View.Tests;

/// <summary>The page of a view, driven as somebody would: the slider moves, the picture changes, the figures are the JSON's.</summary>
public sealed class ViewBrowserTests(Browser browser)
{
    private static readonly string[] Two = ["--design", "cma-no-tagged", "--design", "no-mte"];

    [Fact]
    public async Task FiguresAreThoseOfTheJson()
    {
        using TemporaryFile json = new("compare.json");
        RunningView.Run("compare", "--json", json.Path, "--quiet");
        await using RunningView view = await RunningView.Start();
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Finished();

        using JsonDocument told = JsonDocument.Parse(await File.ReadAllTextAsync(json.Path, TestContext.Current.CancellationToken));
        foreach (JsonElement design in told.RootElement.GetProperty("designs").EnumerateArray())
        {
            ILocator cells = opened.Page.Locator($"tr[data-design='{design.GetProperty("name").GetString()}'] td");
            Assert.Equal(InMebibytes(design, "given_back_mean_mib"), await cells.Nth(0).InnerTextAsync());
            Assert.Equal(InMebibytes(design, "given_back_min_mib"), await cells.Nth(1).InnerTextAsync());
            Assert.Equal(InMebibytes(design, "reserved_max_mib"), await cells.Nth(3).InnerTextAsync());
        }

        Assert.Equal(told.RootElement.GetProperty("answer").GetProperty("best").GetString(),
            await opened.Page.Locator("select >> nth=0").InputValueAsync());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task TheSliderMovesAndThePictureChanges()
    {
        await using RunningView view = await RunningView.Start(Two);
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Finished();
        await opened.Slider.FocusAsync();
        await opened.Page.Keyboard.PressAsync("Home");
        (double first, string empty) = (await opened.Figure("time"), await opened.Picture());
        await opened.Page.Keyboard.PressAsync("w");
        (double worst, string full) = (await opened.Figure("time"), await opened.Picture());
        int position = await opened.Position();
        await opened.Slider.FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");

        Assert.Equal(0, first);
        Assert.True(worst > 1);
        Assert.NotEqual(empty, full);
        Assert.Equal(position + 1, await opened.Position());
        Assert.Equal(0, await opened.Figure("migrated", pane: 1));
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task PlayRunsToTheEnd()
    {
        await using RunningView view = await RunningView.Start(Two);
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Finished();
        await opened.Slider.FocusAsync();
        int last = await opened.Last();
        await opened.Slider.FillAsync((last - 6).ToString(CultureInfo.InvariantCulture));
        await opened.Page.Keyboard.PressAsync("Space");
        await opened.Page.WaitForFunctionAsync("() => document.querySelector('input[type=range]').value === document.querySelector("
            + "'input[type=range]').max");

        Assert.Equal(last, await opened.Position());
        await Expect(opened, ".controls button", "play");
    }

    [Fact]
    public async Task FailuresAreJumpedToWithPfnAndReason()
    {
        await using RunningView view = await RunningView.Start(Two);
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Finished();
        await opened.Page.Locator("select >> nth=0").SelectOptionAsync("no-mte");
        await opened.Slider.FocusAsync();
        await opened.Page.Keyboard.PressAsync("n");
        string told = await opened.Page.Locator(".told").InnerTextAsync();

        Assert.Matches("^no-mte, failure 1 of 50 kept, 13,447 in all: left untagged at [0-9.]+ s, pfn 0x[0-9a-f]+, order 0: ", told);
        Assert.EndsWith("there is no storage for its tags", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACellOpensToPagesAndTheirTagPages()
    {
        await using RunningView view = await RunningView.Start(Two);
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Finished();
        ILocator map = opened.Page.Locator("canvas.cells >> nth=0");
        await map.FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        await opened.Page.Keyboard.PressAsync("Enter");
        ILocator pages = opened.Page.Locator(".opened canvas >> nth=0");
        await pages.WaitForAsync();

        Assert.StartsWith("Pages of [0x40000000, 0x40200000)", await opened.Page.Locator(".opened h3 >> nth=0").InnerTextAsync());
        Assert.Matches("tagged pages, [0-9]+ of 16 tag pages reserved$", (await pages.GetAttributeAsync("aria-label"))!);
    }

    [Fact]
    public async Task APageFollowsARunWhileItGoesOn()
    {
        await using RunningView view = await RunningView.Start("run", "phone", "--ram", "64M", "--steps", "8000", "--design", "packed");
        await using OpenedPage opened = await browser.Open(view.Address);
        IJSHandle seen = await opened.Page.WaitForFunctionAsync("() => { const most = Number(document.querySelector('input[type=range]')"
            + "?.max); return most > 2 && document.getElementById('state').textContent.startsWith('running') && most; }");
        int early = await seen.JsonValueAsync<int>();
        await opened.Finished();

        Assert.InRange(early, 3, await opened.Last() - 1);
        Assert.Equal("has run to its end", await opened.Page.Locator("#state").InnerTextAsync());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task ACellOpensWhileTheRunGoesOn()
    {
        await using RunningView view = await RunningView.Start("run", "phone", "--ram", "64M", "--steps", "200000", "--design", "packed");
        await using OpenedPage opened = await browser.Open(view.Address);
        await opened.Page.WaitForFunctionAsync("() => Number(document.querySelector('input[type=range]')?.max) > 0");
        ILocator map = opened.Page.Locator("canvas.cells >> nth=0");
        await map.FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        await opened.Page.Keyboard.PressAsync("Enter");
        ILocator pages = opened.Page.Locator(".opened canvas >> nth=0");
        await pages.WaitForAsync();

        // It stays open, and follows the run to the next moment.
        string range = await opened.Page.Locator(".opened h3 >> nth=0").InnerTextAsync();
        int seen = await opened.Last();
        await opened.Page.WaitForFunctionAsync($"() => Number(document.querySelector('input[type=range]').max) > {seen + 1}");
        await pages.WaitForAsync();

        Assert.StartsWith("Pages of [0x", range, StringComparison.Ordinal);
        Assert.Matches("tagged pages, [0-9]+ of 16 tag pages reserved$", (await pages.GetAttributeAsync("aria-label"))!);
        Assert.Equal(range, await opened.Page.Locator(".opened h3 >> nth=0").InnerTextAsync());
        Assert.StartsWith("running", await opened.Page.Locator("#state").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(opened.Complaints);
    }

    [Theory]
    [InlineData(400, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task NothingIsWiderThanTheScreen(int width, ColorScheme scheme)
    {
        await using RunningView view = await RunningView.Start(Two);
        await using OpenedPage opened = await browser.Open(view.Address, width, scheme);
        await opened.Finished();
        string background = await opened.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor");

        Assert.True(await opened.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
        Assert.Equal(scheme == ColorScheme.Dark ? "rgb(20, 24, 29)" : "rgb(255, 255, 255)", background);
        Assert.Equal(width < 760 ? 1 : 2, await opened.Page.Locator("canvas.cells:visible").CountAsync());
    }

    private static string InMebibytes(JsonElement figures, string name) =>
        figures.GetProperty(name).GetDouble().ToString("N2", CultureInfo.InvariantCulture);

    private static async Task Expect(OpenedPage opened, string place, string text) =>
        Assert.Contains(text, await opened.Page.Locator(place).First.InnerTextAsync(), StringComparison.Ordinal);
}
