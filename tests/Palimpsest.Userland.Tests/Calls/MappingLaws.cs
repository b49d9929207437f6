using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Random calls of mmap, munmap, mprotect, mremap and madvise on a window of pages, against an array of pages.</summary>
public sealed class MappingLaws
{
    private const ulong Window = 0x20_0000_0000;
    private const int Pages = 24;
    private const int Missing = -1;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void EachPageIsWhatTheArraySays(int seed)
    {
        Random random = new(seed);
        int[] rights = [.. Enumerable.Repeat(Missing, Pages)];
        ulong[] content = new ulong[Pages];
        List<(string Doing, Result Result, long Expected)> checks = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/dev/zero");
            Result zero = s.Call(OpenAt, Here, name, ReadWrite, 0);
            for (int step = 0; step < 40; step++)
            {
                Act(s, random, rights, content, checks, step);
                int page = random.Next(Pages);
                ulong address = Window + ((ulong)page * Page);
                bool isMapped = rights[page] != Missing;
                bool isReadable = isMapped && (rights[page] & 1) != 0;
                string doing = $"seed {seed}, step {step}, page {page}";
                checks.Add(($"{doing}: mapped", s.Call(Msync, address, Page, 4), isMapped ? 0 : ENOMEM));
                checks.Add(($"{doing}: readable", s.Call(Write, zero, address, 8), isReadable ? 8 : EFAULT));
                if (isReadable)
                {
                    checks.Add(($"{doing}: content", s.Load(address), (long)content[page]));
                }

                // The last bytes of the page are never looked at.
                bool isWritable = isReadable && (rights[page] & 2) != 0;
                checks.Add(($"{doing}: writable", s.Call(Read, zero, address + Page - 8, 8), isWritable ? 8 : EFAULT));
            }
        }, options => options with { MostInstructions = 50_000_000 });

        Assert.All(checks, check => Assert.Equal((check.Doing, check.Expected), (check.Doing, run[check.Result])));
    }

    private static void Act(
        GuestScript s, Random random, int[] rights, ulong[] content, List<(string Doing, Result Result, long Expected)> checks, int step)
    {
        int first = random.Next(Pages);
        int count = random.Next(1, Math.Min(7, Pages - first + 1));
        ulong address = Window + ((ulong)first * Page);
        ulong bytes = (ulong)count * Page;
        bool hasHole = rights.AsSpan(first, count).Contains(Missing);
        int right = ((int[])[0, 1, 3])[random.Next(3)];
        switch (random.Next(6))
        {
            case 0 or 1:
                checks.Add(($"mmap at step {step}", s.Call(Mmap, address, bytes, right, 0x32, -1, 0), (long)address));
                rights.AsSpan(first, count).Fill(right);
                content.AsSpan(first, count).Clear();
                break;
            case 2:
                checks.Add(($"munmap at step {step}", s.Call(Munmap, address, bytes), 0));
                rights.AsSpan(first, count).Fill(Missing);
                content.AsSpan(first, count).Clear();
                break;
            case 3 when !hasHole:
                checks.Add(($"mprotect at step {step}", s.Call(Mprotect, address, bytes, right), 0));
                rights.AsSpan(first, count).Fill(right);
                break;
            case 4:
                checks.Add(($"madvise at step {step}", s.Call(Madvise, address, bytes, 4), hasHole ? ENOMEM : 0));
                content.AsSpan(first, count).Clear();
                break;
            case 5 when rights[first] != Missing:
                // One page lies in one area, whatever areas are merged.
                Move(s, random, rights, content, checks, (first, 1));
                break;
            default:
                break;
        }

        for (int page = 0; page < Pages; page++)
        {
            if (rights[page] == 3 && random.Next(3) == 0)
            {
                content[page] = (ulong)((step * 1000) + page + 1);
                s.Store(Window + ((ulong)page * Page), content[page]);
            }
        }
    }

    /// <summary>mremap to another place of the window, over whatever is there.</summary>
    private static void Move(
        GuestScript s, Random random, int[] rights, ulong[] content, List<(string Doing, Result Result, long Expected)> checks,
        (int First, int Count) range)
    {
        (int first, int count) = range;
        int to = random.Next(Pages - count + 1);
        bool overlaps = to < first + count && first < to + count;
        ulong address = Window + ((ulong)first * Page);
        ulong target = Window + ((ulong)to * Page);
        ulong bytes = (ulong)count * Page;
        checks.Add(("mremap", s.Call(Mremap, address, bytes, bytes, 3, target), overlaps ? EINVAL : (long)target));
        if (!overlaps)
        {
            rights.AsSpan(first, count).CopyTo(rights.AsSpan(to, count));
            content.AsSpan(first, count).CopyTo(content.AsSpan(to, count));
            rights.AsSpan(first, count).Fill(Missing);
            content.AsSpan(first, count).Clear();
        }
    }
}
