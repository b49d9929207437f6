namespace Palimpsest.Vocabulary;

/// <summary>Numbers that look random and are the same in every run: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
public static class SplitMix
{
    /// <summary>Distance of the states of consecutive numbers.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>The number of a state; a bijection.</summary>
    public static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
