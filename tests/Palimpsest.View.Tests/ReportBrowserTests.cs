using Microsoft.Playwright;

namespace Palimpsest.View.Tests;

/// <summary>The page of compare has the same slider, without a server.</summary>
public sealed class ReportBrowserTests(Browser browser)
{
    [Fact]
    public async Task TheSliderStandsInTheFile()
    {
        using TemporaryFile page = new("compare.html");
        RunningView.Run("compare", "--html", page.Path, "--quiet", "--design", "packed", "--design", "cma-no-tagged");
        await using OpenedPage opened = await browser.Open(new Uri(page.Path).AbsoluteUri);
        string worst = await opened.Picture();
        double reserved = await opened.Figure("reserved");
        await opened.Slider.FocusAsync();
        await opened.Page.Keyboard.PressAsync("Home");

        Assert.True(reserved > 0);
        Assert.Equal(0, await opened.Figure("reserved"));
        Assert.NotEqual(worst, await opened.Picture());
        Assert.Equal(2, await opened.Page.Locator("canvas.cells:visible").CountAsync());
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task ChartsHaveWords()
    {
        using TemporaryFile page = new("compare.html");
        RunningView.Run("compare", "--html", page.Path, "--quiet", "--design", "packed");
        await using OpenedPage opened = await browser.Open(new Uri(page.Path).AbsoluteUri, 400, ColorScheme.Dark);
        string? words = await opened.Page.Locator("#timeline-chart").GetAttributeAsync("aria-label");

        Assert.StartsWith("Over time, 26.2", words, StringComparison.Ordinal);
        Assert.True(await opened.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 400);
        Assert.Empty(opened.Complaints);
    }
}

/// <summary>A file that is gone when the test is.</summary>
internal sealed class TemporaryFile(string name) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public string Path => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
