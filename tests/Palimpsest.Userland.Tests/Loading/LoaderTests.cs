using Palimpsest.Userland.Tests.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Loading;

/// <summary>Programs that are broken, one byte or one field at a time, and what a whole one finds on its stack.</summary>
public sealed class LoaderTests
{
    public static TheoryData<string, int, ulong, int> Fields() => new()
    {
        { "magic", 1, 0x58, 1 },
        { "32 bits", 4, 1, 1 },
        { "big-endian", 5, 2, 1 },
        { "another machine", 18, 62, 2 },
        { "no program headers", 56, 0, 2 },
        { "program headers behind the end", 32, 1 << 30, 8 },
        { "program headers before the start", 32, ulong.MaxValue - 7, 8 },
        { "a segment of no known type", 64, 9, 4 },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void AHeadThatIsBrokenIsRefusedInOneLine(string field, int at, ulong value, int bytes)
    {
        byte[] program = Script();
        // What is said of a program header is said of both.
        foreach (int place in at < 64 ? (int[])[at] : [at, at + 56])
        {
            BitConverter.GetBytes(value).AsSpan(0, bytes).CopyTo(program.AsSpan(place));
        }

        using ScriptGuest guest = new();
        InputException exception = Assert.Throws<InputException>(() => guest.RunFile(program));
        Assert.False(exception.Message.Contains('\n'), field);
        Assert.StartsWith("script: ", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Field of a program header: offset 8, address 16, bytes in the file 32, in memory 40.</summary>
    [Theory]
    [InlineData(8, 1UL << 40)]
    [InlineData(8, 0x8000_0000_0000_0000)]
    [InlineData(8, ulong.MaxValue)]
    [InlineData(16, 1UL << 48)]
    [InlineData(16, 0xFFFF_8000_0000_0000)]
    [InlineData(16, ulong.MaxValue - 4095)]
    [InlineData(16, 0UL)]
    [InlineData(32, 1UL << 40)]
    [InlineData(32, ulong.MaxValue)]
    [InlineData(40, 1UL << 46)]
    [InlineData(40, ulong.MaxValue)]
    [InlineData(40, 0UL)]
    public void ASegmentThatIsNowhereIsRefusedOrEndsTheProgram(int field, ulong value)
    {
        foreach (int segment in (int[])[0, 1])
        {
            byte[] program = Script();
            BitConverter.GetBytes(value).CopyTo(program.AsSpan(64 + (56 * segment) + field));
            AssertTold(program, $"field {field} of {segment}: {value:x}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void BytesOfTheHeadsThatAreAnythingAreNoStackTrace(int seed)
    {
        Random random = new(seed);
        byte[] whole = Script();
        for (int turn = 0; turn < 40; turn++)
        {
            byte[] program = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(16, 64 + (2 * 56));
                program[at] = random.Next(3) == 0 ? (byte)(program[at] ^ 1 << random.Next(8)) : (byte)random.Next(256);
            }

            AssertTold(program, $"seed {seed}, turn {turn}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(175)]
    [InlineData(4096)]
    public void AFileThatIsCutOffIsNoStackTrace(int length) => AssertTold(Script()[..length], $"{length} bytes");

    [Fact]
    public void ThePlaceOfTheEntryIsLookedAt()
    {
        byte[] program = Script();
        BitConverter.GetBytes(0x10UL).CopyTo(program.AsSpan(24));
        using ScriptGuest guest = new();

        Assert.Equal(11, guest.RunFile(program).Outcome.Signal);
    }

    [Fact]
    public void AProgramFindsItsWordsVariablesAndNumbersOnTheStack()
    {
        const int words = 40;
        List<Result> stack = [];
        Result sp = null!, file = null!, random = null!, first = null!, platform = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            sp = s.Keep(31);
            for (int word = 0; word < words; word++)
            {
                stack.Add(s.Load(sp + (8 * word)));
            }

            // AT_EXECFN, AT_RANDOM and AT_PLATFORM, at the places that the test checks below.
            first = s.Load(stack[1], 4);
            random = s.Load(s.Load(sp + (8 * Place(25))));
            file = s.Load(s.Load(sp + (8 * Place(31))), 1);
            platform = s.Load(s.Load(sp + (8 * Place(15))));
        }, options => options with { Environment = ["A=1"] });

        long[] values = [.. run.All([.. stack])];
        Assert.Equal(0, run[sp] % 16);
        Assert.Equal((1L, 0L, 0L), (values[0], values[2], values[4]));
        Dictionary<long, long> numbers = Enumerable.Range(0, (words - 5) / 2).Select(at => (values[5 + (2 * at)], values[6 + (2 * at)]))
            .TakeWhile(entry => entry.Item1 != 0).ToDictionary();
        Assert.Equal(GuestScript.CodeStart + 64, (ulong)numbers[3]);
        Assert.Equal((56L, 2L, 4096L, (long)GuestScript.CodeStart + 0x1000), (numbers[4], numbers[5], numbers[6], numbers[9]));
        Assert.Equal((1 << 18 | 1 << 22, 100L), (numbers[26], numbers[17]));
        Assert.Equal(0x69726373, run[first]);
        Assert.Equal('/', run[file]);
        Assert.Equal(BitConverter.ToInt64("aarch64\0"u8), run[platform]);
        Assert.NotEqual(0, run[random]);

        static int Place(int type) =>
            6 + (2 * Array.IndexOf((int[])[3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 23, 25, 26, 31, 51], type));
    }

    [Fact]
    public void MemoryBehindTheFileIsZero()
    {
        Result behind = null!, last = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong text = s.Text("x");
            behind = s.Load(text + 16);
            last = s.Load(GuestScript.ResultStart + GuestScript.ResultBytes - 8);
        });

        Assert.Equal([0, 0], run.All(behind, last));
    }

    private static byte[] Script()
    {
        GuestScript script = new();
        script.Call(GetPid);
        return script.Build();
    }

    /// <summary>It is refused in one line, or it runs to whatever end; nothing else.</summary>
    private static void AssertTold(byte[] program, string what)
    {
        using ScriptGuest guest = new();
        try
        {
            guest.RunFile(program, options => options with { MostInstructions = 20_000 });
        }
        catch (InputException exception)
        {
            Assert.DoesNotContain('\n', exception.Message);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {exception.GetType().Name}, {exception.Message} {exception.StackTrace}");
        }
    }
}
