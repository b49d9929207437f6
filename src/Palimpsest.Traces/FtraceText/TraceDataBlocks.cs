using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// The ftrace text inside a page of Android's systrace or atrace: what its <c>&lt;script class="trace-data"&gt;</c> elements hold,
/// but for those that hold something else, as a list of processes.
/// </summary>
/// <param name="taken">Content that has been read already.</param>
internal sealed class TraceDataBlocks(ReadOnlySpan<byte> taken, Stream content, string name) : ForwardStream
{
    private const int LongestTag = 1 << 10;
    private const int SeenOfBlock = 4 << 10;

    // Of a block, these stay until it is known what follows them.
    private const int HeldBack = 64;

    private readonly byte[] _bytes = [.. taken, .. new byte[64 << 10]];
    private int _at;
    private int _used = taken.Length;
    private bool _atEnd;
    private bool _isInside;
    private bool _hasBlock;
    private bool _hasVariable;
    private byte _last = (byte)'\n';

    /// <summary>Does the page end inside a block? Known at the end.</summary>
    public bool IsCutOff { get; private set; }

    public static bool IsHtml(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.TrimStart("\xEF\xBB\xBF \t\r\n"u8);
        Span<char> start = stackalloc char[14];
        int length = System.Text.Encoding.Latin1.GetChars(text[..Math.Min(text.Length, start.Length)], start);
        ReadOnlySpan<char> word = start[..length];
        return word.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || word.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    private string WhatItLacks => _hasVariable
        ? "the page keeps its text in a variable of a script, as systrace of Android 4 did, which is not read; cut out what stands between "
            + "the quotes, drop the \\n\\ at the ends of lines, and give that"
        : "the page has no script element of class trace-data with ftrace text; give a page of systrace or atrace, or the text of "
            + "/sys/kernel/tracing/trace";

    // var linuxPerfData = "\
    // # tracer: nop\n\
    private static bool HasVariable(ReadOnlySpan<byte> script) =>
        script.IndexOf("linuxPerfData"u8) >= 0 || script.IndexOf("# tracer:"u8) >= 0;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (!_isInside && !TryEnterBlock())
            {
                return _hasBlock ? 0 : throw new InputException($"{name}: {WhatItLacks}");
            }

            if (Take(buffer) is > 0 and int taken)
            {
                return taken;
            }
        }
    }

    // Goes to the next block that holds ftrace text; false if there is none.
    private bool TryEnterBlock()
    {
        while (true)
        {
            int tag = _bytes.AsSpan(_at, _used - _at).IndexOf("<script"u8);
            _at = tag >= 0 ? _at + tag : Math.Max(_at, _used - "<script".Length);
            Fill(LongestTag + SeenOfBlock);
            if (tag < 0)
            {
                if (_atEnd && _bytes.AsSpan(_at, _used - _at).IndexOf("<script"u8) < 0)
                {
                    return false;
                }

                continue;
            }

            ReadOnlySpan<byte> rest = _bytes.AsSpan(_at, Math.Min(_used - _at, LongestTag));
            int end = rest.IndexOf((byte)'>');
            bool isData = end > 0 && rest[..end].IndexOf("trace-data"u8) > 0;
            _at += end > 0 ? end + 1 : "<script".Length;
            _hasVariable |= !isData && HasVariable(_bytes.AsSpan(_at, Math.Min(_used - _at, SeenOfBlock)));
            if (isData && IsFtrace(_bytes.AsSpan(_at, Math.Min(_used - _at, SeenOfBlock))))
            {
                _isInside = true;
                _hasBlock = true;
                return true;
            }
        }
    }

    // At the end of a block a line end is added, so that the next begins a line.
    private int Take(Span<byte> buffer)
    {
        Fill(buffer.Length + HeldBack);
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_at, _used - _at);
        int end = rest.IndexOf("</script"u8);
        ReadOnlySpan<byte> text = end >= 0 ? rest[..end].TrimEnd(" \t"u8) : _atEnd ? rest : rest[..Math.Max(rest.Length - HeldBack, 0)];
        int taken = Math.Min(text.Length, buffer.Length);
        text[..taken].CopyTo(buffer);
        _at += taken;
        _last = taken > 0 ? text[taken - 1] : _last;
        if (taken > 0)
        {
            return taken;
        }

        _isInside = false;
        IsCutOff = end < 0;
        _at += Math.Max(end, 0);
        if (IsCutOff || _last == '\n')
        {
            return 0;
        }

        buffer[0] = _last = (byte)'\n';
        return 1;
    }

    private static bool IsFtrace(ReadOnlySpan<byte> block)
    {
        int end = block.IndexOf("</script"u8);
        var form = new StandardForm(new TaskTable());
        block = end >= 0 ? block[..end] : block;
        foreach (Range range in block.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = block[range];
            var head = default(LineHead);
            if (line.StartsWith("# tracer:"u8) || form.TryRead(line, ref head))
            {
                return true;
            }
        }

        return false;
    }

    // Has that many bytes at hand, or all that a buffer holds, if there are so many.
    private void Fill(int wanted)
    {
        wanted = Math.Min(wanted, _bytes.Length);
        if (_used - _at >= wanted || _atEnd)
        {
            return;
        }

        _bytes.AsSpan(_at, _used - _at).CopyTo(_bytes);
        _used -= _at;
        _at = 0;
        while (_used < wanted && !_atEnd)
        {
            int read = content.Read(_bytes.AsSpan(_used));
            _used += read;
            _atEnd = read == 0;
        }
    }
}
