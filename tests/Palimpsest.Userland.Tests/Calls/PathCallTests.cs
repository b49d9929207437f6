using System.Text;
using Palimpsest.Userland.Tests.Scripts;
using static Palimpsest.Userland.Tests.Scripts.Number;

namespace Palimpsest.Userland.Tests.Calls;

/// <summary>Names: made, moved, linked, removed and listed, and links that lead nowhere else.</summary>
public sealed class PathCallTests
{
    private const int RemoveFolder = 0x200;
    private const int NoReplace = 1;

    /// <summary>In /tmp lie a file f, its link g, an empty folder e, a folder d with a file in it, and a symbolic link l to f.</summary>
    public static TheoryData<int, string, string, int, int> Calls() => new()
    {
        { UnlinkAt, "f", "", 0, 0 },
        { UnlinkAt, "none", "", 0, ENOENT },
        { UnlinkAt, "e", "", 0, EISDIR },
        { UnlinkAt, "e", "", RemoveFolder, 0 },
        { UnlinkAt, "d", "", RemoveFolder, ENOTEMPTY },
        { UnlinkAt, "f", "", RemoveFolder, ENOTDIR },
        { UnlinkAt, "l", "", 0, 0 },
        { MkdirAt, "f", "", 0x1FF, EEXIST },
        { MkdirAt, "e", "", 0x1FF, EEXIST },
        { MkdirAt, "none/x", "", 0x1FF, ENOENT },
        { MkdirAt, "f/x", "", 0x1FF, ENOTDIR },
        { MkdirAt, "new", "", 0x1FF, 0 },
        { SymlinkAt, "anything", "f", 0, EEXIST },
        { SymlinkAt, "anything", "new", 0, 0 },
        { LinkAt, "none", "new", 0, ENOENT },
        { LinkAt, "f", "e", 0, EEXIST },
        { LinkAt, "e", "new", 0, EPERM },
        { LinkAt, "f", "new", 0, 0 },
        { RenameAt2, "none", "new", 0, ENOENT },
        { RenameAt2, "f", "new", 0, 0 },
        { RenameAt2, "f", "g", NoReplace, EEXIST },
        { RenameAt2, "f", "new", NoReplace, 0 },
        { RenameAt2, "f", "e", 0, EISDIR },
        { RenameAt2, "e", "f", 0, ENOTDIR },
        { RenameAt2, "e", "d", 0, ENOTEMPTY },
        { RenameAt2, "d", "e", 0, 0 },
        { RenameAt2, "d", "d/x", 0, EINVAL },
        { RenameAt2, "f", "none/x", 0, ENOENT },
        { ReadLinkAt, "f", "", 64, EINVAL },
        { ReadLinkAt, "l", "", 64, 6 },
        { ReadLinkAt, "l", "", 3, 3 },
        { ReadLinkAt, "l", "", 0, EINVAL },
        { Chdir, "f", "", 0, ENOTDIR },
        { Chdir, "none", "", 0, ENOENT },
        { Chdir, "d", "", 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void WhatBecomesOfNames(int number, string first, string second, int flags, int expected)
    {
        Result result = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Prepare(s);
            ulong one = s.Text($"/tmp/{first}");
            ulong two = s.Text($"/tmp/{second}");
            result = number switch
            {
                UnlinkAt or MkdirAt => s.Call(number, Here, one, flags),
                SymlinkAt => s.Call(number, one, Here, two),
                ReadLinkAt => s.Call(number, Here, one, s.Room(64), flags),
                Chdir => s.Call(number, one),
                _ => s.Call(number, Here, one, Here, two, flags),
            };
        });

        Assert.Equal(expected, run[result]);
    }

    [Fact]
    public void AFileThatIsUnlinkedLivesWhileItIsOpen()
    {
        Result read = null!, links = null!, again = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            ulong name = s.Text("/tmp/f");
            ulong buffer = s.Room(128);
            Result file = s.Call(OpenAt, Here, name, ReadWrite | Create, 0x1B6);
            s.Call(Write, file, name, 6);
            s.Call(UnlinkAt, Here, name, 0);
            read = s.Call(Pread, file, buffer, 128, 0);
            s.Call(Fstat, file, buffer);
            links = s.Load(buffer + 20, 4);
            again = s.Call(OpenAt, Here, name, ReadOnly, 0);
        });

        Assert.Equal([6, 0, ENOENT], run.All(read, links, again));
    }

    [Fact]
    public void WhatIsReplacedLosesALinkAndWhatIsMovedOntoItselfStays()
    {
        List<Result> results = [];
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Prepare(s);
            ulong stat = s.Room(128);
            ulong other = s.Text("/tmp/other");
            Result file = s.Call(OpenAt, Here, other, ReadWrite | Create, 0x1B6);
            s.Call(RenameAt2, Here, s.Text("/tmp/d/in"), Here, other, 0);
            s.Call(Fstat, file, stat);
            results.Add(s.Load(stat + 20, 4));
            // Two names of one file: nothing happens (rename(2)).
            results.Add(s.Call(RenameAt2, Here, s.Text("/tmp/f"), Here, s.Text("/tmp/g"), 0));
            results.Add(s.Call(FstatAt, Here, s.Text("/tmp/f"), stat, 0));
            results.Add(s.Load(stat + 20, 4));
            results.Add(s.Call(RenameAt2, Here, s.Text("/tmp/f"), Here, s.Text("/tmp/f"), 0));
            results.Add(s.Call(FstatAt, Here, s.Text("/tmp/f"), stat, 0));
        });

        Assert.Equal([0, 0, 0, 2, 0, 0], run.All([.. results]));
    }

    [Fact]
    public void EntriesComeInPiecesAndEndInNothing()
    {
        List<Result> counts = [];
        Result tooSmall = null!, noFolder = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Prepare(s);
            ulong buffer = s.Room(256);
            Result folder = s.Call(OpenAt, Here, s.Text("/tmp"), ReadOnly, 0);
            tooSmall = s.Call(GetDents, folder, buffer, 8);
            for (int turn = 0; turn < 6; turn++)
            {
                Result count = s.Call(GetDents, folder, buffer, 64);
                counts.Add(count);
                s.Call(Write, 1, buffer, count);
            }

            Result file = s.Call(OpenAt, Here, s.Text("/tmp/f"), ReadOnly, 0);
            noFolder = s.Call(GetDents, file, buffer, 64);
        });

        Assert.Equal([EINVAL, ENOTDIR], run.All(tooSmall, noFolder));
        Assert.Equal(0, run[counts[^1]]);
        List<string> names = [];
        for (ReadOnlySpan<byte> left = run.Output.AsSpan(0, run.Output.Length - GuestScript.ResultBytes); left.Length > 0;)
        {
            int length = BitConverter.ToUInt16(left[16..]);
            string entry = $"{Encoding.ASCII.GetString(left[19..length]).TrimEnd('\0')}:{left[18]}";
            // The working folder lies in /tmp too.
            names.AddRange(entry.StartsWith("palimpsest-", StringComparison.Ordinal) ? [] : [entry]);
            left = left[length..];
        }

        Assert.Equal([".:4", "..:4", "d:4", "e:4", "f:8", "g:8", "l:10"], names);
    }

    [Fact]
    public void TheCurrentFolderIsTold()
    {
        Result bytes = null!, small = null!, bad = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            Prepare(s);
            ulong buffer = s.Room(64);
            s.Call(Chdir, s.Text("/tmp/d/../d/./"));
            bytes = s.Call(GetCwd, buffer, 64);
            s.Call(Write, 1, buffer, bytes);
            small = s.Call(GetCwd, buffer, 6);
            bad = s.Call(GetCwd, 16, 64);
        });

        Assert.Equal([7, ERANGE, EFAULT], run.All(bytes, small, bad));
        Assert.Equal("/tmp/d\0", run.Text);
    }

    [Fact]
    public void LinksOfTheHostLeadNowhereOutOfTheRoot()
    {
        using ScriptGuest guest = new();
        DirectoryInfo root = Directory.CreateTempSubdirectory("palimpsest-");
        try
        {
            File.WriteAllText(Path.Combine(root.FullName, "inside"), "in");
            File.WriteAllText(Path.Combine(guest.Folder, "outside"), "out");
            File.CreateSymbolicLink(Path.Combine(root.FullName, "absolute"), "/etc/passwd");
            File.CreateSymbolicLink(Path.Combine(root.FullName, "relative"), "../../../../../../etc/passwd");
            File.CreateSymbolicLink(Path.Combine(root.FullName, "good"), "inside");
            List<Result> results = [];
            ScriptRun run = guest.RunHere(s =>
            {
                foreach (string path in (string[])["/absolute", "/relative", "/../../../etc/passwd", "/good", "/../inside"])
                {
                    results.Add(s.Call(OpenAt, Here, s.Text(path), ReadOnly, 0));
                }
            }, options => options with { Root = root.FullName });

            Assert.Equal([ENOENT, ENOENT, ENOENT, 3, 4], run.All([.. results]));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void Prepare(GuestScript s)
    {
        s.Call(MkdirAt, Here, s.Text("/tmp/e"), 0x1FF);
        s.Call(MkdirAt, Here, s.Text("/tmp/d"), 0x1FF);
        foreach (string path in (string[])["/tmp/f", "/tmp/d/in"])
        {
            s.Call(Close, s.Call(OpenAt, Here, s.Text(path), ReadWrite | Create, 0x1B6));
        }

        s.Call(LinkAt, Here, s.Text("/tmp/f"), Here, s.Text("/tmp/g"), 0);
        s.Call(SymlinkAt, s.Text("/tmp/f"), Here, s.Text("/tmp/l"));
    }

    [Fact]
    public void ARenameWithoutFlagsLooksAtNone()
    {
        Result moved = null!;
        ScriptRun run = ScriptGuest.Run(s =>
        {
            const int renameAt = 38;
            (ulong from, ulong to) = (s.Text("/tmp/from"), s.Text("/tmp/to"));
            s.Call(OpenAt, Here, from, Create | WriteOnly, 0x1FF);
            s.Call(OpenAt, Here, to, Create | WriteOnly, 0x1FF);
            moved = s.Call(renameAt, Here, from, Here, to, NoReplace);
        });

        Assert.Equal(0, run[moved]);
    }
}
