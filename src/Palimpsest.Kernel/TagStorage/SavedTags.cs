using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Tags of pages that have no storage for them now, by frame (tags_by_pfn of the proposal). One array of packed tags a
/// page, page bytes / 32.
/// </summary>
internal sealed class SavedTags
{
    private readonly Dictionary<Frame, byte[]> _byFrame = [];

    public int Count => _byFrame.Count;

    /// <summary>Frames with saved tags, in no order.</summary>
    public IReadOnlyCollection<Frame> Frames => _byFrame.Keys;

    public void Put(Frame frame, byte[] tags) => _byFrame[frame] = tags;

    public byte[]? Find(Frame frame) => _byFrame.GetValueOrDefault(frame);

    /// <summary>Are tags saved for any of so many frames?</summary>
    public bool HasAny(Frame frame, int count)
    {
        Frame end = frame + count;
        while (frame < end && !_byFrame.ContainsKey(frame))
        {
            frame++;
        }

        return frame < end;
    }

    public bool TryTake(Frame frame, out byte[] tags) => _byFrame.Remove(frame, out tags!);

    public void Forget(Frame frame) => _byFrame.Remove(frame);
}
