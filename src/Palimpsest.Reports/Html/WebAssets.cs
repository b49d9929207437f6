using System.Reflection;
using System.Text;

namespace Palimpsest.Reports.Html;

/// <summary>The script and the style sheet of the page, built from web/report and kept in this assembly.</summary>
internal static class WebAssets
{
    public static string Script { get; } = Read("report.bundle.js");

    /// <summary>That of a view's page, which has no charts.</summary>
    public static string ViewScript { get; } = Read("view.bundle.js");

    /// <summary>That of the page that follows sweeps.</summary>
    public static string SweepViewScript { get; } = Read("sweepview.bundle.js");

    public static string StyleSheet { get; } = Read("report.bundle.css");

    private static string Read(string file)
    {
        string name = $"Palimpsest.Reports.Html.{file}";
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly; run web/report/build.sh");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
