using Palimpsest.Machine.Dram;

namespace Palimpsest.Machine.Caches;

/// <summary>What moves lines between the caches and DRAM, and what the detectors are told.</summary>
public sealed partial class TaggedMemory
{
    /// <summary>DC IVAC over a page: dirty data lines are discarded, or cleaned where the machine does so.</summary>
    public void InvalidateData(int frame) => Maintain(CacheMaintenance.Ivac, frame);

    /// <summary>DC CIVAC over a page.</summary>
    public void CleanInvalidateData(int frame) => Maintain(CacheMaintenance.Civac, frame);

    /// <summary>DC IGVAC over a data page, at the stride of tag lines.</summary>
    public void InvalidateTags(int dataFrame) => Maintain(CacheMaintenance.Igvac, dataFrame);

    /// <summary>DC CIGVAC over a data page, at the stride of tag lines.</summary>
    public void CleanInvalidateTags(int dataFrame) => Maintain(CacheMaintenance.Cigvac, dataFrame);

    /// <summary>Maintenance of a page. Of data it concerns tag storage alone; of tags, what the frame's tags are cached in.</summary>
    public void Maintain(CacheMaintenance kind, int frame) => Maintain(kind, frame, 0, _pageBytes);

    /// <summary>One maintenance instruction: the line of data at the offset, the line of tags that covers it, or both.</summary>
    public void MaintainLine(CacheMaintenance kind, int frame, int offset) => Maintain(kind, frame, offset, 1);

    /// <summary>Writes any dirty line back; the line stays, clean.</summary>
    /// <param name="index">Below <see cref="DirtyLines"/>; indexes change with every operation.</param>
    public void WriteBack(int index) => _caches.WriteBack(index);

    /// <summary>Writes any dirty line back and drops it, as a cache that needs the room does.</summary>
    /// <param name="index">As for <see cref="WriteBack"/>.</param>
    public void Evict(int index) => _caches.Evict(index);

    /// <summary>Writes all dirty lines back, oldest first.</summary>
    public void WriteBackAll() => _caches.WriteBackAll();

    /// <summary>What <see cref="WriteBack"/> would write.</summary>
    public (LineView View, int StorageFrame, int Line) DirtyLine(int index) => _caches.Describe(index);

    /// <summary>What the kernel last declared a frame of tag storage to keep.</summary>
    public StorageContent ContentOf(int storageFrame) => _caches.ContentOf(StorageIndex(storageFrame));

    /// <summary>
    /// Declares what the kernel keeps in a frame of tag storage from now on; tags until it is said. The detectors compare
    /// with it; the hardware does the same whatever it is.
    /// </summary>
    public void SetContent(int storageFrame, StorageContent content) => _caches.SetContent(StorageIndex(storageFrame), content);

    private void Maintain(CacheMaintenance kind, int frame, int offset, int bytes)
    {
        (int views, int what) = Math.DivRem((int)kind, 3);
        bool isOfData = views != 1;
        bool isOfTags = views != 0;
        int lines = (bytes + TagMap.LineBytes - 1) / TagMap.LineBytes;
        int tagLines = (bytes + TagMap.DataBytesPerTagLine - 1) / TagMap.DataBytesPerTagLine;
        Counters.Add(kind, isOfData ? lines : tagLines);
        int storage = Map.StorageIndexOf(frame);
        if (isOfData && storage >= 0)
        {
            _caches.MaintainData((LineMaintenance)what, storage, offset / TagMap.LineBytes, lines);
        }

        if (isOfTags)
        {
            Tags.Maintain((LineMaintenance)what, frame, offset / TagMap.DataBytesPerTagLine, tagLines);
        }
    }

    private int StorageIndex(int frame)
    {
        int storage = Map.StorageIndexOf(frame);
        ArgumentOutOfRangeException.ThrowIfNegative(storage, nameof(frame));
        return storage;
    }
}
