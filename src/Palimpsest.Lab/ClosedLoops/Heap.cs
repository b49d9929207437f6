using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>Memory of a process that is used page by page: what an allocator has mapped for its program.</summary>
public sealed class Heap
{
    private readonly Process _process;
    private readonly ulong _start;
    private readonly int _pageBytes;
    private readonly bool _isTagged;

    internal Heap(Process process, int pages, int pageBytes, bool isTagged)
    {
        _process = process;
        Pages = pages;
        _pageBytes = pageBytes;
        _isTagged = isTagged;
        _start = process.Map((long)pages * pageBytes, Protection.Read | Protection.Write | (isTagged ? Protection.Mte : 0));
    }

    /// <summary>Pages that were mapped, touched or not.</summary>
    public int Pages { get; }

    /// <summary>Stores a word in a page; in a tagged heap the granule gets a tag first, as malloc gives it.</summary>
    public void Use(int page, ulong value)
    {
        ulong address = _start + ((ulong)page * (ulong)_pageBytes) + (value % (ulong)(_pageBytes / 16) * 16);
        if (_isTagged)
        {
            address = Process.Tagged(address, (int)(value >> 60));
            _process.StoreTag(address);
        }

        _process.Store(address, value);
    }

    /// <summary>Loads a word of a page.</summary>
    public void Look(int page) => _process.Load(_start + ((ulong)page * (ulong)_pageBytes));

    /// <summary>Gives the pages back, keeps the addresses (MADV_DONTNEED).</summary>
    public void Discard() => _process.Discard(_start, (long)Pages * _pageBytes);

    /// <summary>Gives pages and addresses back.</summary>
    public void Unmap() => _process.Unmap(_start, (long)Pages * _pageBytes);
}
