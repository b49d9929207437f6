using System.Text.Json.Nodes;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Json;

/// <summary>Rows as JSON objects: each column under its name in version 1, in the order of the list.</summary>
internal static class RowJson
{
    private const int MomentDecimals = 6;

    /// <param name="decimals">To which figures that are no counts are rounded.</param>
    public static void Add<TRow>(JsonObject target, IEnumerable<Column<TRow>> columns, TRow row, int decimals)
    {
        foreach (Column<TRow> column in columns.Where(column => column.IsInJson))
        {
            double value = Math.Round(column.Value(row), column.Unit == Unit.Moment ? MomentDecimals : decimals);
            if (column.JsonName.Split('.') is [var group, var name])
            {
                Group(target, group)[name] = value;
            }
            else
            {
                target[column.JsonName] = value;
            }
        }
    }

    /// <summary>Names and counts as an object; the counts of one name are summed.</summary>
    public static JsonObject Counts(IEnumerable<KeyValuePair<string, long>> counts)
    {
        JsonObject target = [];
        foreach ((string name, long count) in counts)
        {
            target[name] = (target[name]?.GetValue<long>() ?? 0) + count;
        }

        return target;
    }

    private static JsonObject Group(JsonObject target, string name)
    {
        if (target[name] is not JsonObject group)
        {
            target[name] = group = [];
        }

        return group;
    }
}
