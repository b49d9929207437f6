using System.Reflection;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Palimpsest.View.Tests.Browser))]

namespace Palimpsest.View.Tests;

/// <summary>A real browser, one for all tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string ChromiumPath => typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(told => told.Key == nameof(ChromiumPath)).Value!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ChromiumPath, Args = ["--no-sandbox"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page, and what its console complains of.</summary>
    internal async Task<OpenedPage> Open(string address, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        IPage page = await _browser!.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = scheme,
        });
        List<string> complaints = [];
        page.Console += (_, message) => Note(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Note(isBad: true, error);
        await page.GotoAsync(address);
        return new OpenedPage(page, complaints);

        void Note(bool isBad, string text)
        {
            if (isBad)
            {
                complaints.Add(text);
            }
        }
    }
}

/// <summary>A page that is looked at.</summary>
internal sealed record OpenedPage(IPage Page, IReadOnlyList<string> Complaints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    /// <summary>Until all has run.</summary>
    public Task Finished() => Page.Locator("#result:not([hidden])").WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });

    /// <summary>Number behind a figure of a pane, in pages or in the unit of the clock.</summary>
    public async Task<double> Figure(string name, int pane = 0) => double.Parse(
        (await Page.Locator($".pane >> nth={pane} >> [data-figure={name}]").GetAttributeAsync("data-value"))!,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The map as it is drawn.</summary>
    public Task<string> Picture(int pane = 0) =>
        Page.Locator($".pane >> nth={pane} >> canvas.cells").EvaluateAsync<string>("canvas => canvas.toDataURL()");

    public ILocator Slider => Page.Locator("input[type=range]");

    public async Task<int> Position() => int.Parse(await Slider.InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture);

    public async Task<int> Last() =>
        int.Parse((await Slider.GetAttributeAsync("max"))!, System.Globalization.CultureInfo.InvariantCulture);
}
