using System.CommandLine.Completions;
using Palimpsest.Reports.Lists;

namespace Palimpsest.Cli;

/// <summary>Names that a shell can complete.</summary>
internal static class Names
{
    /// <param name="kind">Of a listing.</param>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Of(string kind) =>
        _ => Listing.All.Single(listing => listing.Kind == kind).Items.Select(item => new CompletionItem(item.Name));
}
