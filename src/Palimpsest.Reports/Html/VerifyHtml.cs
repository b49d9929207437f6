using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html.Verify;

namespace Palimpsest.Reports.Html;

/// <summary>A verification as one page without scripts: no network, no file beside it, the same bytes for the same result.</summary>
public static class VerifyHtml
{
    /// <summary>A whole page, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, VerificationResult result, Provenance? provenance = null)
    {
        Markup html = new(writer);
        PageShell.Open(html, $"{Figures.FileName(result.Recording.Name)} on {Figures.FileName(result.BoardName)}", runsScripts: false);
        VerdictSection.Write(html, result);
        RecordingSection.Write(html, result);
        if (result.Guided is { } guided)
        {
            DecisionSection.Write(html, guided);
            TimeSection.Write(html, guided, result.Recording.Clock);
            KindSection.Write(html, guided.ByKind);
            MissSection.Write(html, guided, result.Recording.Clock);
        }

        StorageSection.Write(html, result);
        MomentSection.Write(html, result);
        FreeListSection.Write(html, result);
        FigureSection.Write(html, result.FreeEnd);
        ScopeSection.Write(html);
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }
}
