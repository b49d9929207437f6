using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Files;

/// <summary>A file, whose pages lie in the modelled page cache; bytes behind its length are zeros.</summary>
internal sealed class FileNode : Node
{
    /// <summary>s_maxbytes: the page cache counts pages in an int.</summary>
    public const long LongestBytes = (long)int.MaxValue * GuestMemory.PageBytes;

    private readonly Func<IFirstContent?, bool, SharedFile> _create;
    private readonly bool _isMemory;
    private SharedFile _file;
    private long _length;

    /// <param name="create">Makes an object of the page cache, with a content and RAM-based or not.</param>
    /// <param name="isMemory">Of tmpfs, or a memfd: its pages can go to swap, and can be tagged.</param>
    public FileNode(Func<IFirstContent?, bool, SharedFile> create, IFirstContent? first, long length, bool isMemory, uint mode)
        : base(FileType | mode)
    {
        (_create, _isMemory, _length) = (create, isMemory, length);
        _file = create(first, isMemory);
        _file.Object.Pages = PagesOf(length);
    }

    public override long Length => _length;

    public FileObject Object => _file.Object;

    /// <summary>What may not be done to a memfd; null for files that cannot be sealed.</summary>
    public FileSeals? Seals { get; set; }

    public bool IsWriteSealed => (Seals & (FileSeals.Write | FileSeals.FutureWrite)) is > 0;

    public int Read(long offset, Memory<byte> into)
    {
        int count = (int)Math.Clamp(_length - offset, 0, into.Length);
        if (count > 0)
        {
            _file.ReadAt(offset, into[..count], CpuId.Boot).Now();
        }

        return count;
    }

    /// <exception cref="CallException">EFBIG: it would be too long. EPERM: a seal.</exception>
    public void Write(long offset, ReadOnlyMemory<byte> from)
    {
        RequireLength(offset, from.Length);
        if (IsWriteSealed || (offset + from.Length > _length && (Seals & FileSeals.Grow) is > 0))
        {
            throw new CallException(Errno.EPERM);
        }

        Grow(Math.Max(_length, offset + from.Length));
        _file.WriteAt(offset, from, CpuId.Boot).Now();
    }

    /// <summary>ftruncate.</summary>
    /// <exception cref="CallException">EFBIG: it would be too long. EPERM: a seal.</exception>
    public void Resize(long length)
    {
        RequireLength(0, length);
        FileSeals forbids = length < _length ? FileSeals.Shrink : length > _length ? FileSeals.Grow : FileSeals.None;
        if ((Seals & forbids) is > 0)
        {
            throw new CallException(Errno.EPERM);
        }

        if (length == 0)
        {
            _file = _create(ZeroContent.Instance, _isMemory);
        }
        else if (length < _length)
        {
            long end = Math.Min(_length, ((length + GuestMemory.PageBytes - 1) / GuestMemory.PageBytes * GuestMemory.PageBytes));
            _file.WriteAt(length, new byte[end - length], CpuId.Boot).Now();
        }

        _length = length;
        _file.Object.Pages = PagesOf(length);
    }

    private void Grow(long length)
    {
        _length = length;
        _file.Object.Pages = PagesOf(length);
    }

    private static void RequireLength(long offset, long bytes)
    {
        if (offset > LongestBytes - bytes)
        {
            throw new CallException(Errno.EFBIG);
        }
    }

    private static int PagesOf(long length) => (int)((length + GuestMemory.PageBytes - 1) / GuestMemory.PageBytes);
}

/// <summary>F_SEAL_* of include/uapi/linux/fcntl.h.</summary>
[Flags]
internal enum FileSeals
{
    None = 0,
    Seal = 1,
    Shrink = 2,
    Grow = 4,
    Write = 8,
    FutureWrite = 16,
    Execution = 32,
    All = 63,
}

internal sealed class ZeroContent : IFirstContent
{
    public static readonly ZeroContent Instance = new();

    public void Fill(int index, Span<byte> page)
    {
    }
}

/// <summary>A file of the host, which is only read.</summary>
internal sealed class HostContent(string path) : IFirstContent
{
    public void Fill(int index, Span<byte> page)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek((long)index * GuestMemory.PageBytes, SeekOrigin.Begin);
        file.ReadAtLeast(page, page.Length, throwOnEndOfStream: false);
    }
}
