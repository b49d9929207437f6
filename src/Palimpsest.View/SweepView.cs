using Palimpsest.Reports.Html;
using Palimpsest.Vocabulary;

namespace Palimpsest.View;

/// <summary>Sweeps that are followed.</summary>
/// <param name="Title">Which, for people.</param>
/// <param name="Port">Of the loopback; 0 for one that is free.</param>
/// <param name="Look">How they stand now, as <see cref="SweepMessages.Look"/> writes it; asked twice a second.</param>
public sealed record SweepViewRequest(string Title, int Port, Func<CancellationToken, Task<byte[]>> Look);

/// <summary>Serves a page that follows sweeps, to browsers of this machine alone.</summary>
public static class SweepView
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] Start = "{\"kind\":\"start\"}"u8.ToArray();

    /// <param name="ready">Told the page's address as soon as it can be opened.</param>
    /// <exception cref="UsageException">The port cannot be had.</exception>
    /// <exception cref="InputException">What is followed cannot be read; the server ends.</exception>
    public static async Task Run(SweepViewRequest request, Action<string> ready, CancellationToken ending)
    {
        Telling telling = new();
        byte[] last = await request.Look(ending);
        telling.SumUp([Start, last]);
        Showing showing = new((writer, port) => SweepViewHtml.Write(writer, request.Title, port), _ => null, telling);
        await ViewServer.Serve(showing, request.Port, async address =>
        {
            ready(address);
            while (true)
            {
                await Task.Delay(Period, ending);
                byte[] now = await request.Look(ending);
                if (!now.AsSpan().SequenceEqual(last))
                {
                    last = now;
                    telling.SumUp([Start, now]);
                }
            }
        }, ending);
    }
}
