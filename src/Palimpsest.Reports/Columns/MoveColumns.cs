using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Columns;

/// <summary>Pages that were moved for tags, by what for; the same for a replay and for a closed loop.</summary>
internal static class MoveColumns
{
    public static IEnumerable<Column<TRow>> Of<TRow>(Func<TRow, DesignCounts> counts)
    {
        return
        [
            Moved("data_out", "data out", "of them, data out of tag storage", row => row.DataOutFrames),
            Moved("packed", "packed", "tagged pages moved together", row => row.PackedFrames),
            Moved("guests", "guests", "data out of active blocks, for tagged pages", row => row.GuestFrames),
            Moved("late", "late", "pages that were tagged when they were first accessed, to where there is storage", row => row.LateFrames),
        ];

        Column<TRow> Moved(string cause, string heading, string meaning, Func<DesignCounts, long> count) =>
            new($"moves.{cause}", "moved", heading, Unit.Count, meaning, Better.Lower, row => count(counts(row)));
    }
}
