using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Text;

/// <summary>Cuts an input into lines without copying them.</summary>
internal sealed class LineBuffer(TraceInput input)
{
    public const int LongestLine = 64 << 10;

    private const int PeekBytes = 4 << 10;

    // A piece of some 8,000 lines: large enough that moving the last line's beginning to the front costs nothing.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(1 << 20);
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Place of the current line, for messages.</summary>
    public TextPosition Position { get; } = new(input.Name);

    /// <summary>Where the compressed stream broke, if it did.</summary>
    public string? Break => input.Break;

    /// <summary>Format of the file that the text was wrapped in; null for none.</summary>
    public string? Wrapping => input.Wrapping;

    /// <summary>Bytes after the last line end: a line that was cut off. Known after the last line.</summary>
    public int UnfinishedBytes => _end - _start;

    /// <summary>The first bytes of the input, fewer than 4,096 only if there are no more.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_end < PeekBytes && !_atEnd)
        {
            ReadMore();
        }

        return _bytes.AsSpan(0, Math.Min(_end, PeekBytes));
    }

    /// <summary>All that has been read of the input; before the first line.</summary>
    public ReadOnlySpan<byte> Taken => _bytes.AsSpan(0, _end);

    /// <summary>The next whole line, without its end; valid until the next call.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = _bytes.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            if (_atEnd)
            {
                line = default;
                return false;
            }

            MakeRoom();
            ReadMore();
        }

        Position.Line++;
        line = _bytes.AsSpan(_start, length);
        _start += length + 1;
        if (length > LongestLine)
        {
            throw TooLong();
        }

        return true;
    }

    private void MakeRoom()
    {
        if (_end - _start > LongestLine)
        {
            Position.Line++;
            throw TooLong();
        }

        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }

    private void ReadMore()
    {
        int read = input.Read(_bytes.AsSpan(_end));
        _end += read;
        _atEnd = read == 0;
    }

    private InputException TooLong() =>
        Position.Error($"the line is longer than {LongestLine} bytes, which no trace line is; check that the file is an ftrace text");
}
