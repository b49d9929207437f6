using Palimpsest.Designs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A design that cannot run on the board, or cannot go on.</summary>
/// <param name="Reason">For people, without a full stop.</param>
public sealed record UnfitDesign(DesignFacts Design, string Reason);

/// <summary>Designs that were run side by side.</summary>
/// <param name="Results">Of those that ran, in the order asked.</param>
/// <param name="Unfit">Of the others, in the order asked.</param>
public sealed record DesignRuns<TResult>(IReadOnlyList<TResult> Results, IReadOnlyList<UnfitDesign> Unfit);

/// <summary>How a run ended: with a result, or with the reason why there is none.</summary>
internal readonly record struct RunEnd<TResult>(TResult? Result, InputException? Reason)
    where TResult : class
{
    public static RunEnd<TResult> Of(Func<TResult> run)
    {
        try
        {
            return new RunEnd<TResult>(run(), Reason: null);
        }
        catch (InputException exception) when (exception is not UsageException)
        {
            return new RunEnd<TResult>(Result: null, exception);
        }
    }
}

/// <summary>Designs that were run side by side: keeps apart those that the board has no place for.</summary>
internal static class DesignRuns
{
    /// <param name="ends">Of each design.</param>
    /// <exception cref="InputException">No design can run on the board.</exception>
    public static DesignRuns<TResult> Of<TResult>(IReadOnlyList<DesignChoice> designs, IReadOnlyList<RunEnd<TResult>> ends)
        where TResult : class =>
        ends.Count > 0 && ends.All(end => end.Result is null)
            ? throw new InputException(ends[0].Reason!.Message, ends[0].Reason)
            : new DesignRuns<TResult>(
                [.. ends.Select(end => end.Result).OfType<TResult>()],
                [.. designs.Zip(ends).Where(pair => pair.Second.Reason is not null)
                    .Select(pair => new UnfitDesign(DesignFacts.Of(pair.First), pair.Second.Reason!.Message))]);
}
