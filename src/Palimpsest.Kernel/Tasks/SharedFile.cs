using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Supply;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>An open file, or an object of shared memory (memfd). Files begin with a pattern of their own, shared memory with
/// zeros.</summary>
public sealed class SharedFile
{
    private readonly PhysicalMemory _memory;
    private readonly FolioTable _folios;
    private readonly FileCache _files;
    private readonly int _pageBytes;

    internal SharedFile(FileObject file, FileCache files, PhysicalMemory memory, FolioTable folios)
    {
        _memory = memory;
        _folios = folios;
        _files = files;
        _pageBytes = memory.System.Layout.Geometry.PageBytes;
        Object = file;
    }

    /// <summary>Number that names its first content; see <see cref="FileContents"/>.</summary>
    public int Id => Object.Id;

    /// <summary>Pages of it in the page cache now.</summary>
    public int CachedPages => Object.CachedPages;

    /// <param name="index">Of a page.</param>
    public bool IsCached(int index) => !Object.Find(index).IsNone;

    internal FileObject Object { get; }

    /// <summary>What <see cref="SystemCalls.Read"/> reads, where nobody controls the machine, and on behalf of no task.</summary>
    public void Read(long offset, Memory<byte> into, CpuId cpu = default) => ReadAt(offset, into, cpu).Now();

    /// <summary>What <see cref="SystemCalls.Write"/> writes, likewise.</summary>
    public void Write(long offset, ReadOnlyMemory<byte> from, CpuId cpu = default) => WriteAt(offset, from, cpu).Now();

    /// <summary>Closes the descriptor; mappings keep the object.</summary>
    public void Close(CpuId cpu = default) => _files.Leave(Object, cpu);

    internal async ValueTask ReadAt(long offset, Memory<byte> into, CpuId cpu)
    {
        for (int done = 0; done < into.Length;)
        {
            (int index, int within, int count) = Piece(offset + done, into.Length - done);
            Frame folio = await Bring(index, cpu);
            _memory.Bytes.Read(folio.Index, within, into.Span.Slice(done, count));
            _folios.Put(folio, cpu);
            done += count;
        }
    }

    internal async ValueTask WriteAt(long offset, ReadOnlyMemory<byte> from, CpuId cpu)
    {
        for (int done = 0; done < from.Length;)
        {
            (int index, int within, int count) = Piece(offset + done, from.Length - done);
            Frame folio = await Bring(index, cpu, willWrite: true);
            _memory.Bytes.Write(folio.Index, within, from.Span.Slice(done, count));
            _memory.Frames[folio].Set(FrameFlags.Dirty);
            _folios.Put(folio, cpu);
            done += count;
        }
    }

    private async ValueTask<Frame> Bring(int index, CpuId cpu, bool willWrite = false)
    {
        Frame folio = await _files.Read(Object, index, isTagged: false, cpu, willWrite);
        return !folio.IsNone ? folio : throw new InputException($"file {Id}: no memory for page {index}");
    }

    private (int Index, int Within, int Count) Piece(long offset, int left)
    {
        int index = (int)(offset / _pageBytes);
        int within = (int)(offset % _pageBytes);
        return (index, within, Math.Min(left, _pageBytes - within));
    }
}
