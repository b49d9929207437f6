using CsCheck;

namespace Palimpsest.Testing;

/// <summary>
/// Checks a property on the same cases in every run: case n is what generator n draws. PALIMPSEST_LAW_TIMES=10 in the
/// environment draws ten times as many.
/// </summary>
public static class Law
{
    public static readonly ulong Times =
        ulong.TryParse(Environment.GetEnvironmentVariable("PALIMPSEST_LAW_TIMES"), out ulong times) ? times : 1;

    public static void Holds<T>(Gen<T> cases, int count, Action<T> check)
    {
        for (ulong number = 0; number < (ulong)count * Times; number++)
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
