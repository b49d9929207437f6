using CsCheck;

namespace Palimpsest.Traces.Tests;

/// <summary>What a bad disk or an enemy does to a file: bytes changed, bytes inserted, the end cut off.</summary>
internal sealed record Damage((double Place, byte Value)[] Changes, (double Place, byte Value)[] Insertions, double? Cut)
{
    private static readonly Gen<(double, byte)> _byte =
        Gen.Select(Gen.Double[0, 0.999], Gen.Frequency((1, Gen.Byte), (2, Gen.OneOf(" \n-[]:=|0x9f(.\0"u8.ToArray()))));

    public static readonly Gen<Damage> Any =
        Gen.Select(_byte.Array[0, 12], _byte.Array[0, 6],
            Gen.Frequency<double?>((2, Gen.Const((double?)null)), (1, Gen.Double[0, 1].Select(cut => (double?)cut))),
            (changes, insertions, cut) => new Damage(changes, insertions, cut));

    public byte[] Apply(byte[] bytes)
    {
        var damaged = new List<byte>(bytes);
        foreach ((double place, byte value) in Changes)
        {
            damaged[(int)(place * damaged.Count)] = value;
        }

        foreach ((double place, byte value) in Insertions)
        {
            damaged.Insert((int)(place * damaged.Count), value);
        }

        return [.. damaged.Take((int)((Cut ?? 1) * damaged.Count))];
    }
}
