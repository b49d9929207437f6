namespace Palimpsest.Traces.Records;

/// <summary>
/// Tables of numbers and their names inside a print format: <c>__print_flags(REC->gfp_flags, "|", {0x400, "GFP_X"}, ...)</c>.
/// </summary>
internal static class PrintTable
{
    private const int MostEntries = 256;

    /// <summary>Entries of the table for a field, in order; those whose number only the kernel can evaluate are left out.</summary>
    /// <param name="function"><c>__print_flags</c> or <c>__print_symbolic</c>.</param>
    public static List<(ulong Value, string Name)> Find(string print, string function, string field)
    {
        var entries = new List<(ulong, string)>();
        int at = print.IndexOf($"{function}(REC->{field},", StringComparison.Ordinal);
        while (at >= 0 && entries.Count < MostEntries && (at = print.IndexOf('{', at)) >= 0)
        {
            int close = print.IndexOf('}', at);
            int comma = close < 0 ? -1 : print.LastIndexOf(',', close, close - at);
            if (comma < 0)
            {
                break;
            }

            string name = print[(comma + 1)..close].Trim().Trim('"');
            if (ConstantExpression.TryEvaluate(print.AsSpan(at + 1, comma - at - 1), out ulong value))
            {
                entries.Add((value, name));
            }

            // A comma and another brace, or the end of the table.
            int next = close + 1;
            while (next < print.Length && (print[next] == ' ' || print[next] == ','))
            {
                next++;
            }

            at = next < print.Length && print[next] == '{' ? next : -1;
        }

        return entries;
    }
}
