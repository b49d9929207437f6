namespace Palimpsest.Exploration.Scenarios;

/// <summary>Hashes of states: the same on every machine, and 64 bits wide, for two states taken for one would hide a failure.</summary>
public static class StateHash
{
    /// <summary>Of a state to which nothing was mixed yet.</summary>
    public const ulong Empty = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Adds a value, in order.</summary>
    public static ulong Add(ulong hash, ulong value)
    {
        // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
        ulong mixed = (hash ^ value) + Empty;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    internal static ulong Add(ulong hash, string text)
    {
        foreach (char letter in text)
        {
            hash = Add(hash, letter);
        }

        return hash;
    }
}
