using System.IO.Compression;
using System.Text;
using CsCheck;
using Palimpsest.Testing.Corpus;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Streams between a file and its reader change nothing: whatever the pieces, the bytes are the same.</summary>
public sealed class StreamTests
{
    private static readonly Gen<byte[]> Content = Gen.Byte.Array[0, 300];

    [Fact]
    public void WhatWasTakenComesFirst() =>
        Law.Holds(Gen.Select(Content, Gen.Int[0, 300], Gen.Int[1, 70]), 300, drawn =>
        {
            (byte[] content, int cut, int piece) = drawn;
            cut = Math.Min(cut, content.Length);

            Assert.Equal(content, All(new Prefixed(content.AsSpan(0, cut), new MemoryStream(content[cut..])), piece));
        });

    [Fact]
    public void TheBeginningMayBeSeenAndAllOfItIsCounted() =>
        Law.Holds(Gen.Select(Content, Gen.Int[1, 70], Gen.Bool), 300, drawn =>
        {
            (byte[] content, int piece, bool peeks) = drawn;
            SourceStream source = new(new MemoryStream(content));
            if (peeks)
            {
                Assert.Equal(content[..Math.Min(64, content.Length)], source.Peek().ToArray());
                Assert.Equal(0, source.Consumed);
            }

            Assert.Equal(content, All(source, piece));
            Assert.Equal(content.Length, source.Consumed);
        });

    [Fact]
    public void ASourceThatTricklesIsSeenWhole()
    {
        byte[] content = [.. Enumerable.Range(0, 100).Select(n => (byte)n)];
        SourceStream source = new(new PipedStream(content, most: 5));

        Assert.Equal(content[..64], source.Peek().ToArray());
        Assert.Equal(content, All(source, 7));
    }

    [Fact]
    public void ForwardStreamsGoForwardOnly()
    {
        Prefixed stream = new([1], Stream.Null);

        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void TextOfTwoBytesALetterIsReadAsTextOfOne(string name, bool hasMark)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        const string Text = "# tracer: nop\n            init-1 \u00fc\u4e2d\n";
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)];
        Encoding found = Utf16.Of(bytes)!;
        using Stream utf8 = Utf16.AsUtf8(bytes.AsSpan(0, 40), new MemoryStream(bytes[40..]), found);

        Assert.Equal(encoding.GetBytes("a"), found.GetBytes("a"));
        Assert.Equal(Text, Encoding.UTF8.GetString(All(utf8, 11)));
    }

    [Theory]
    [InlineData("# tracer: nop and more of it\n")]
    [InlineData("")]
    [InlineData("a\0b\0c\0")]
    public void OtherContentIsNotTakenForIt(string text) => Assert.Null(Utf16.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void BytesAreReadAtAnyPlaceFromWhereTheStreamStood() =>
        Law.Holds(Gen.Select(Content, Gen.Int[0, 20], Gen.Long[-5, 330], Gen.Int[0, 60]), 300, drawn =>
        {
            (byte[] content, int origin, long offset, int count) = drawn;
            origin = Math.Min(origin, content.Length);
            using MemoryStream stream = new(content) { Position = origin };
            using RandomBytes bytes = new(stream, "made-up");
            byte[] into = new byte[count];
            int read = bytes.ReadUpTo(offset, into);
            byte[] expected = offset < 0 ? [] : [.. content.Skip(origin).Skip((int)offset).Take(count)];

            Assert.Equal(content.Length - origin, bytes.Length);
            Assert.Equal(expected, into[..read]);
        });

    [Fact]
    public void AnErrorNamesTheFileAndThePlace() => Assert.Equal(
        "made-up: byte 7: wrong", new RandomBytes(Stream.Null, "made-up").Error(7, "wrong").Message);

    [Fact]
    public void TheOnlyFileOfAZipIsItsContent()
    {
        byte[] zip = Zip(("folder/", ""), ("__MACOSX/junk", "junk"), ("trace.txt", "the text"), ("empty", ""));

        Assert.True(ZipOfOne.IsMagic(zip));
        using Stream content = ZipOfOne.Open(new MemoryStream(zip), "a.zip");
        Assert.Equal("the text", Encoding.ASCII.GetString(All(content, 3)));
    }

    [Theory]
    [InlineData(0, "a.zip: this is a zip with nothing in it; give a recording")]
    [InlineData(2, "a.zip: this is a zip of 2 files (file0, file1); unpack it and give the one that is meant")]
    [InlineData(6, "a.zip: this is a zip of 6 files (file0, file1, file2, file3 and 2 more); unpack it and give the one that is meant")]
    public void AZipOfAnotherNumberOfFilesNamesThem(int files, string message)
    {
        byte[] zip = Zip([.. Enumerable.Range(0, files).Select(n => ($"file{n}", "text"))]);

        Assert.Equal(message, Assert.Throws<InputException>(() => ZipOfOne.Open(new MemoryStream(zip), "a.zip")).Message);
    }

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.ASCII.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    private static byte[] All(Stream stream, int piece)
    {
        List<byte> all = [];
        byte[] buffer = new byte[piece];
        for (int read; (read = stream.Read(buffer, 0, piece)) > 0;)
        {
            all.AddRange(buffer.AsSpan(0, read));
        }

        return [.. all];
    }
}
