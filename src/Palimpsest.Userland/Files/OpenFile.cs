using System.Text;

namespace Palimpsest.Userland.Files;

/// <summary>An open file (struct file), which descriptors of several processes may share.</summary>
internal abstract class OpenFile(Node node, int flags)
{
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int AccessMode = 3;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;

    /// <summary>What a blocking operation gives instead of a count.</summary>
    public const int WouldBlock = -1;

    public Node Node { get; } = node;

    public int Flags { get; set; } = flags;

    public bool CanRead => (Flags & AccessMode) != WriteOnly;

    public bool CanWrite => (Flags & AccessMode) != 0;

    public bool IsNonBlocking => (Flags & NonBlocking) != 0;

    public long Position { get; set; }

    /// <summary>Absolute path that it was opened by.</summary>
    public string Path { get; init; } = "";

    /// <summary>Descriptors that name it; the last one closes it.</summary>
    public int Users { get; set; }

    public virtual bool IsSeekable => true;

    /// <summary>poll says POLLIN.</summary>
    public virtual bool IsReadable => true;

    /// <summary>poll says POLLOUT.</summary>
    public virtual bool IsWritable => true;

    /// <returns>Bytes, 0 at the end, or <see cref="WouldBlock"/>.</returns>
    public abstract int Read(Memory<byte> into, long offset);

    /// <inheritdoc cref="Read"/>
    public abstract int Write(ReadOnlyMemory<byte> from, long offset);

    public virtual void Close()
    {
    }
}

/// <summary>A regular file.</summary>
internal sealed class OpenRegular(FileNode node, int flags) : OpenFile(node, flags)
{
    public override int Read(Memory<byte> into, long offset) => node.Read(offset, into);

    public override int Write(ReadOnlyMemory<byte> from, long offset)
    {
        node.Write(offset, from);
        return from.Length;
    }
}

/// <summary>A folder, whose entries getdents64 reads.</summary>
internal sealed class OpenFolder(FolderNode node, int flags) : OpenFile(node, flags)
{
    public FolderNode Folder => node;

    public override int Read(Memory<byte> into, long offset) => throw new CallException(Errno.EISDIR);

    public override int Write(ReadOnlyMemory<byte> from, long offset) => throw new CallException(Errno.EBADF);
}

/// <summary>A file of /proc: its content as it was when it was last read from its beginning (seq_file).</summary>
internal sealed class OpenMade(MadeNode node, int flags, GuestProcess process) : OpenFile(node, flags)
{
    private byte[] _content = [];

    public override int Read(Memory<byte> into, long offset)
    {
        _content = offset == 0 ? node.Content(process) : _content;
        int count = (int)Math.Clamp(_content.Length - offset, 0, into.Length);
        _content.AsMemory((int)Math.Min(offset, _content.Length), count).CopyTo(into);
        return count;
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset)
    {
        node.Written?.Invoke(Encoding.ASCII.GetString(from.Span).Trim());
        return from.Length;
    }
}

/// <summary>/dev/null, /dev/zero, /dev/urandom.</summary>
internal sealed class OpenDevice(DeviceNode node, int flags, Func<byte> random) : OpenFile(node, flags)
{
    public override bool IsSeekable => false;

    public override int Read(Memory<byte> into, long offset)
    {
        if (node.Kind == DeviceKind.Null)
        {
            return 0;
        }

        for (int at = 0; at < into.Length; at++)
        {
            into.Span[at] = node.Kind == DeviceKind.Random ? random() : (byte)0;
        }

        return into.Length;
    }

    public override int Write(ReadOnlyMemory<byte> from, long offset) => from.Length;
}

/// <summary>Standard input, output and error: streams of whoever runs the guest.</summary>
internal sealed class OpenStream(Node node, int flags, Stream stream) : OpenFile(node, flags)
{
    public override bool IsSeekable => false;

    public override int Read(Memory<byte> into, long offset) => stream.Read(into.Span);

    public override int Write(ReadOnlyMemory<byte> from, long offset)
    {
        stream.Write(from.Span);
        return from.Length;
    }
}
