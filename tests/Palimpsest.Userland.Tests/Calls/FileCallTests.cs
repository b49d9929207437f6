using System.Text;
using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Files: flags of open, places, lengths, vectors, and what cannot be read or written.</summary>
public sealed class FileCallTests
{
    private const int Mode = 0x1B6;

    [Theory]
    [InlineData("/tmp/new", ReadOnly, ENOENT)]
    [InlineData("/tmp/old", ReadWrite | Create | Exclusive, EEXIST)]
    [InlineData("/tmp/old/x", ReadOnly, ENOTDIR)]
    [InlineData("/tmp/none/x", ReadWrite | Create, ENOENT)]
    [InlineData("/tmp", WriteOnly, EISDIR)]
    [InlineData("/tmp", ReadOnly | Create, EISDIR)]
    [InlineData("/tmp/old", 0x4000, ENOTDIR)] // O_DIRECTORY
    [InlineData("/tmp/link", 0x8000, ELOOP)] // O_NOFOLLOW
    [InlineData("/tmp/round", ReadOnly, ELOOP)]
    [InlineData("", ReadOnly, ENOENT)]
    [InlineData("/tmp/link", ReadOnly, 4)]
    [InlineData("/tmp/../tmp/./old", ReadOnly, 4)]
    public void WhatOpenGives(string path, int flags, int expected)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            s.Call(OpenAt, Here, s.Text("/tmp/old"), ReadWrite | Create, Mode);
            s.Call(SymlinkAt, s.Text("old"), Here, s.Text("/tmp/link"));
            s.Call(SymlinkAt, s.Text("/tmp/round"), Here, s.Text("/tmp/round"));
            result = s.Call(OpenAt, Here, s.Text(path), flags, Mode);
        });

        Assert.Equal(expected, run[result]);
    }

    [Fact]
    public void PathsThatCannotBeReadAndFoldersThatAreNoneAreErrors()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            results.Add(s.Call(OpenAt, Here, 0, ReadOnly, 0));
            results.Add(s.Call(OpenAt, 77, s.Text("x"), ReadOnly, 0));
            results.Add(s.Call(OpenAt, 0, s.Text("x"), ReadOnly, 0));
            results.Add(s.Call(OpenAt, Here, s.Text("/" + new string('a', 5000)), ReadOnly, 0));
        });

        Assert.Equal(EFAULT, run[results[0]]);
        Assert.Equal(EBADF, run[results[1]]);
        Assert.True(run[results[2]] < 0);
        Assert.Equal(-36, run[results[3]]);
    }

    [Fact]
    public void EachOpenFileHasItsPlaceAndItsRights()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/f");
            ulong text = s.Text("0123456789");
            ulong buffer = s.Room(32);
            Result both = s.Call(OpenAt, Here, name, ReadWrite | Create, Mode);
            Result reads = s.Call(OpenAt, Here, name, ReadOnly, 0);
            Result writes = s.Call(OpenAt, Here, name, WriteOnly, 0);
            results.Add(s.Call(Write, both, text, 10));
            results.Add(s.Call(Read, reads, buffer, 4));
            results.Add(s.Call(Read, reads, buffer, 32));
            results.Add(s.Call(Read, reads, buffer, 32));
            results.Add(s.Call(Write, reads, text, 1));
            results.Add(s.Call(Read, writes, buffer, 1));
            results.Add(s.Call(Lseek, both, 0, 1));
            results.Add(s.Call(Lseek, both, -3, 2));
            results.Add(s.Call(Read, both, buffer, 32));
            results.Add(s.Load(buffer, 1));
            results.Add(s.Call(Read, both, 0, 0));
        });

        Assert.Equal([10, 4, 6, 0, EBADF, EBADF, 10, 7, 3, '7', 0], run.All([.. results]));
    }

    [Theory]
    [InlineData(-1L, 0, EINVAL)]
    [InlineData(5L, 0, 5)]
    [InlineData(-6L, 1, EINVAL)]
    [InlineData(100L, 1, 105)]
    [InlineData(-10L, 2, 0)]
    [InlineData(-11L, 2, EINVAL)]
    [InlineData(0L, 9, EINVAL)]
    public void PlacesBeforeTheStartAreRefused(long offset, int from, long expected)
    {
        Result result = null!, place = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, Mode);
            s.Call(Write, file, s.Text("0123456789"), 10);
            s.Call(Lseek, file, 5, 0);
            result = s.Call(Lseek, file, offset, from);
            place = s.Call(Lseek, file, 0, 1);
        });

        Assert.Equal([expected, expected < 0 ? 5 : expected], run.All(result, place));
    }

    [Fact]
    public void WritingBehindTheEndLeavesZerosAndTruncationCuts()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/f");
            ulong text = s.Text("abc");
            ulong buffer = s.Room(32);
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create, Mode);
            results.Add(s.Call(Pwrite, file, text, 3, 8));
            results.Add(s.Call(Read, file, buffer, 32));
            results.Add(s.Load(buffer));
            results.Add(s.Call(Ftruncate, file, 2));
            results.Add(s.Call(Lseek, file, 0, 2));
            results.Add(s.Call(Ftruncate, file, 20));
            results.Add(s.Call(Pread, file, buffer, 32, 8));
            results.Add(s.Load(buffer, 1));
            results.Add(s.Call(Ftruncate, file, -1));
            results.Add(s.Call(Truncate, name, 3));
            results.Add(s.Call(Lseek, file, 0, 2));
            results.Add(s.Call(Truncate, s.Text("/tmp/none"), 3));
            Result reads = s.Call(OpenAt, Here, name, ReadOnly, 0);
            results.Add(s.Call(Ftruncate, reads, 0));
            s.Call(OpenAt, Here, name, WriteOnly | Truncated, 0);
            results.Add(s.Call(Lseek, file, 0, 2));
        });

        Assert.Equal([3, 11, 0, 0, 2, 0, 12, 0, EINVAL, 0, 3, ENOENT, EINVAL, 0], run.All([.. results]));
    }

    [Fact]
    public void AppendedBytesGoToTheEndWhereverThePlaceIs()
    {
        Result place = null!, length = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/f");
            ulong text = s.Text("abcdef");
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create | Append, Mode);
            Result other = s.Call(OpenAt, Here, name, WriteOnly, 0);
            s.Call(Write, file, text, 3);
            s.Call(Pwrite, other, text, 6, 10);
            s.Call(Lseek, file, 0, 0);
            s.Call(Write, file, text, 1);
            place = s.Call(Lseek, file, 0, 1);
            length = s.Call(Lseek, other, 0, 2);
        });

        Assert.Equal([17, 17], run.All(place, length));
    }

    [Fact]
    public void VectorsAreFilledInOrderAndBadOnesStopThem()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong one = s.Room(16);
            ulong two = s.Room(16);
            ulong text = s.Text("abcdefgh");
            ulong vectors = s.Words(one, 3, two, 4);
            ulong bad = s.Words(one, 3, 16, 4);
            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadWrite | Create, Mode);
            s.Call(Write, file, text, 8);
            s.Call(Lseek, file, 0, 0);
            results.Add(s.Call(Readv, file, vectors, 2));
            results.Add(s.Load(two, 1));
            s.Call(Lseek, file, 0, 0);
            results.Add(s.Call(Readv, file, bad, 2));
            results.Add(s.Call(Readv, file, bad + 16, 1));
            results.Add(s.Call(Readv, file, vectors, -1));
            results.Add(s.Call(Readv, file, vectors, 1025));
            results.Add(s.Call(Readv, file, 16, 1));
            results.Add(s.Call(Writev, file, vectors, 0));
            results.Add(s.Call(Writev, file, bad, 2));
        });

        Assert.Equal([7, 'd', 3, EFAULT, EINVAL, EINVAL, EFAULT, 0, 3], run.All([.. results]));
    }

    [Fact]
    public void DevicesGiveZerosNothingOrChance()
    {
        Result zero = null!, zeros = null!, none = null!, first = null!, second = null!, sunk = null!;
        Action<GuestScript> write = s =>
        {
            ulong buffer = s.Words(ulong.MaxValue);
            Result device = s.Call(OpenAt, Here, s.Text("/dev/zero"), ReadWrite, 0);
            zero = s.Call(Read, device, buffer, 8);
            zeros = s.Load(buffer);
            Result sink = s.Call(OpenAt, Here, s.Text("/dev/null"), ReadWrite, 0);
            none = s.Call(Read, sink, buffer, 8);
            sunk = s.Call(Write, sink, buffer, 5);
            Result random = s.Call(OpenAt, Here, s.Text("/dev/urandom"), ReadOnly, 0);
            s.Call(Read, random, buffer, 8);
            first = s.Load(buffer);
            s.Call(GetRandom, buffer, 8, 0);
            second = s.Load(buffer);
        };
        ScriptRun run = ScriptGuest.Run(write);
        ScriptRun again = ScriptGuest.Run(write);
        ScriptRun other = ScriptGuest.Run(write, options => options with { Seed = 2 });

        Assert.Equal([8, 0, 0, 5], run.All(zero, zeros, none, sunk));
        Assert.Equal(run.All(first, second), again.All(first, second));
        Assert.NotEqual(run[first], run[second]);
        Assert.NotEqual(run[first], other[first]);
    }

    [Fact]
    public void AFileOfTheHostIsReadAndNeverWritten()
    {
        using ScriptGuest guest = new();
        string path = Path.Combine(guest.Folder, "host.txt");
        File.WriteAllText(path, "from the host");
        ScriptRun run = guest.RunHere(s =>
        {
            ulong buffer = s.Room(16);
            Result file = s.Call(OpenAt, Here, s.Text("host.txt"), ReadWrite, 0);
            s.Call(Read, file, buffer, 13);
            s.Call(Write, 1, buffer, 13);
            s.Call(Pwrite, file, s.Text("gone"), 4, 0);
            s.Call(Pread, file, buffer, 13, 0);
            s.Call(Write, 1, buffer, 13);
            s.Call(UnlinkAt, Here, s.Text("host.txt"), 0);
            s.Call(OpenAt, Here, s.Text("made.txt"), WriteOnly | Create, Mode);
        });

        Assert.Equal("from the hostgone the host", run.Text);
        Assert.Equal("from the host", File.ReadAllText(path));
        Assert.False(File.Exists(Path.Combine(guest.Folder, "made.txt")));
    }

    [Fact]
    public void StatusTellsKindLengthAndLinks()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong stat = s.Room(128);
            ulong name = s.Text("/tmp/f");
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create, 0x180);
            s.Call(Write, file, name, 6);
            s.Call(LinkAt, Here, name, Here, s.Text("/tmp/g"), 0);
            s.Call(Fstat, file, stat);
            results.AddRange([s.Load(stat + 16, 4), s.Load(stat + 20, 4), s.Load(stat + 48)]);
            s.Call(FstatAt, Here, s.Text("/tmp"), stat, 0);
            results.Add(s.Load(stat + 16, 4));
            s.Call(SymlinkAt, s.Text("f"), Here, s.Text("/tmp/l"));
            s.Call(FstatAt, Here, s.Text("/tmp/l"), stat, 0x100);
            results.Add(s.Load(stat + 16, 4));
            results.Add(s.Call(FstatAt, Here, s.Text("/tmp/l"), 16, 0));
            results.Add(s.Call(Fstat, 99, stat));
        });

        const long kind = 0xF000;
        Assert.Equal([0x8180, 2, 6], run.All([.. results]).Take(3));
        Assert.Equal([0x4000, 0xA000], run.All([.. results]).Skip(3).Take(2).Select(mode => mode & kind));
        Assert.Equal([EFAULT, EBADF], run.All([.. results]).Skip(5));
    }

    [Fact]
    public void TheFilesOfProcTellOfTheProcess()
    {
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong buffer = s.Room(4096);
            foreach (string name in (string[])["status", "cmdline", "maps"])
            {
                Result file = s.Call(OpenAt, Here, s.Text($"/proc/self/{name}"), ReadOnly, 0);
                Result bytes = s.Call(Read, file, buffer, 4096);
                s.Call(Write, 1, buffer, bytes);
            }
        });

        Assert.Contains("Name:\tscript\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("Threads:\t1\n", run.Text, StringComparison.Ordinal);
        Assert.Contains("script\0", run.Text, StringComparison.Ordinal);
        string[] maps = [.. run.Text.Split('\0')[^1].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.StartsWith("00400000-0040", maps[0], StringComparison.Ordinal);
        Assert.Contains(" r-xp 00000000 ", maps[0], StringComparison.Ordinal);
        Assert.Contains(maps, line =>
            line.EndsWith("[stack]", StringComparison.Ordinal) && line.Contains(" rw-p ", StringComparison.Ordinal));
        ulong[] starts = [.. maps.Select(line => Convert.ToUInt64(line.Split('-')[0], 16))];
        Assert.Equal(starts.Order(), starts);
        Assert.All(maps, line => Assert.Equal(line, Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(line))));
    }

    [Fact]
    public void AdviceIsTakenForFilesAlone()
    {
        Result file = null!, pipe = null!, none = null!, wrong = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            const int fadvise = 223;
            ulong pair = s.Room(8);
            Result opened = s.Call(OpenAt, Here, s.Text("/tmp/file"), Create | ReadWrite, 0x1FF);
            file = s.Call(fadvise, opened, 0, 0, 3);
            wrong = s.Call(fadvise, opened, 0, 0, 6);
            s.Call(Pipe2, pair, 0);
            pipe = s.Call(fadvise, s.Load(pair, 4), 0, 0, 3);
            none = s.Call(fadvise, 99, 0, 0, 3);
        });

        Assert.Equal([0, EINVAL, ESPIPE, EBADF], run.All(file, wrong, pipe, none));
    }
}
