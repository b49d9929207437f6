namespace Palimpsest.Reports.Columns;

/// <summary>Which end of a column is the better one, if any.</summary>
internal enum Better
{
    Neither,
    Lower,
    Higher,
}

/// <summary>What the values of a column are in.</summary>
internal enum Unit
{
    /// <summary>Pages, calls, events: whole numbers.</summary>
    Count,

    Mebibytes,
    Percent,

    /// <summary>One figure for each of another.</summary>
    Ratio,

    /// <summary>Seconds from the first event; a count of its ticks where the clock of a recording is no time.</summary>
    Moment,

    /// <summary>Seconds; people are shown milliseconds.</summary>
    Seconds,

    /// <summary>People are shown microseconds.</summary>
    Nanoseconds,
}

/// <summary>A figure of every row of a report. Whoever shows one, on a terminal or in a file, takes it from here.</summary>
/// <param name="Id">Its name in JSON, snake_case with the unit as a suffix; after a dot, in the object named before it. Columns of
/// one id mean the same in all reports.</param>
/// <param name="Group">Heading that neighbouring columns share.</param>
/// <param name="Meaning">A sentence for who asks what it is.</param>
internal sealed record Column<TRow>(string Id, string Group, string Heading, Unit Unit, string Meaning, Better Better,
    Func<TRow, double> Value)
{
    /// <summary>Decimals that mean something to people.</summary>
    public int Decimals { get; init; } = Unit switch { Unit.Mebibytes or Unit.Moment => 2, Unit.Percent or Unit.Ratio => 1, _ => 0 };

    /// <summary>Its name in version 1 of the JSON, where that is not its id.</summary>
    public string JsonName { get; init; } = Id;

    /// <summary>Told by version 1 of the JSON.</summary>
    public bool IsInJson { get; init; } = true;

    /// <summary>Told by the table of designs as CSV.</summary>
    public bool IsInCsv { get; init; }

    /// <summary>False where there is nothing to measure, and the value is 0 for want of another.</summary>
    public Func<TRow, bool> IsMeasured { get; init; } = _ => true;

    /// <summary>The value as far as people see it, so that what looks alike counts as alike.</summary>
    public double Rounded(TRow row) => Unit == Unit.Nanoseconds ? Math.Round(Value(row) / 100) * 100 : Math.Round(Value(row), Decimals);
}
