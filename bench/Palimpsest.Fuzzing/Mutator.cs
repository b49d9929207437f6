using System.Buffers.Binary;

namespace Palimpsest.Fuzzing;

/// <summary>
/// Changes an input in a few places, as AFL's havoc does: bits, numbers of either byte order, words, pieces moved, doubled and left out.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, int most)
{
    private static readonly long[] _edges =
        [0, 1, -1, 2, 7, 8, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 512, 1000, 1023, 1024, 4095, 4096, 0x7fff, 0x8000, 0xffff,
            0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, long.MaxValue, long.MinValue];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        List<byte> bytes = random.Next(8) == 0 ? Spliced(input, other) : [.. input];
        for (int changes = 1 << random.Next(6); changes > 0; changes--)
        {
            Change(bytes, other);
        }

        return [.. bytes.Take(most)];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1);
        int length = PieceLength(bytes.Count - at);
        switch (random.Next(bytes.Count == 0 ? 2 : 12))
        {
            case 0:
                bytes.InsertRange(at, Word());
                break;
            case 1:
                Overwrite(bytes, at, Word());
                break;
            case 2:
                bytes[at % bytes.Count] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                bytes[at % bytes.Count] = (byte)random.Next(256);
                break;
            case 4:
                bytes[at % bytes.Count] += (byte)random.Next(-35, 36);
                break;
            case 5:
                Overwrite(bytes, at, Number());
                break;
            case 6 or 7:
                bytes.RemoveRange(at, length);
                break;
            case 8:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 9:
                Overwrite(bytes, random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 10:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), PieceLength(most - bytes.Count)));
                break;
            default:
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, PieceLength(other.Length - from)).ToArray());
                break;
        }
    }

    private byte[] Word() => words.Count > 0 && random.Next(4) > 0
        ? words[random.Next(words.Count)]
        : random.Next(2) == 0
        ? Number()
        : Digits();

    private byte[] Digits() => System.Text.Encoding.ASCII.GetBytes(_edges[random.Next(_edges.Length)].ToString(random.Next(2) == 0
        ? "x"
        : "d", System.Globalization.CultureInfo.InvariantCulture));

    private byte[] Number()
    {
        byte[] number = new byte[8];
        long value = _edges[random.Next(_edges.Length)] + (random.Next(4) == 0 ? random.Next(-3, 4) : 0);
        int size = 1 << random.Next(4);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            return number[..size];
        }

        BinaryPrimitives.WriteInt64BigEndian(number, value);
        return number[^size..];
    }

    private int PieceLength(int available)
    {
        int longest = random.Next(10) switch { < 5 => 8, < 8 => 64, < 9 => 512, _ => 4096 };
        return random.Next(Math.Clamp(available, 0, longest) + 1);
    }

    private List<byte> Spliced(byte[] input, byte[] other) =>
        [.. input.AsSpan(0, random.Next(input.Length + 1)), .. other.AsSpan(random.Next(other.Length + 1))];

    private static void Overwrite(List<byte> bytes, int at, IReadOnlyList<byte> piece)
    {
        for (int index = 0; index < piece.Count && at + index < bytes.Count; index++)
        {
            bytes[at + index] = piece[index];
        }
    }
}
