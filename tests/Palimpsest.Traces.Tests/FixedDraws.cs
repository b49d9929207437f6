using CsCheck;

namespace Palimpsest.Traces.Tests;

/// <summary>Random inputs that are the same in every run.</summary>
internal static class FixedDraws
{
    public static void Of<T>(Gen<T> generator, int count, Action<T> law)
    {
        var random = new PCG(1, 20240501);
        for (int i = 0; i < count; i++)
        {
            string seed = random.ToString();
            T drawn = generator.Generate(random, null, out _);
            try
            {
                law(drawn);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Draw {i}, seed {seed}: {Check.Print(drawn)}{Environment.NewLine}{failure}");
            }
        }
    }
}
