using System.Globalization;
using CsCheck;

namespace Palimpsest.Testing;

/// <summary>
/// Checks a property on the same cases in every run: case n is what generator n draws. PALIMPSEST_LAW_TIMES=10 in the
/// environment draws ten times as many, 0.1 a tenth.
/// </summary>
public static class Law
{
    private static readonly double Times =
        double.TryParse(Environment.GetEnvironmentVariable("PALIMPSEST_LAW_TIMES"), CultureInfo.InvariantCulture, out double times)
            ? times
            : 1;

    /// <summary>As many cases as are wanted today.</summary>
    public static int Cases(int count) => Math.Max(1, (int)(count * Times));

    public static void Holds<T>(Gen<T> cases, int count, Action<T> check)
    {
        for (ulong number = 0; number < (ulong)Cases(count); number++)
        {
            T drawn = cases.Generate(new PCG(1, number), null, out _);
            try
            {
                check(drawn);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"case {number}: {failure.Message}", failure);
            }
        }
    }
}
