using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// What the kernel does to the bytes and tags of pages. The base does nothing: a replay of a recording has no contents.
/// Frames are dense frame numbers.
/// </summary>
internal class PageContents
{
    public static readonly PageContents None = new();

    protected PageContents()
    {
    }

    /// <summary>A block turns from data to tags: no dirty line of its old data may be written back later (R10).</summary>
    /// <param name="invalidate">False: the safeguard is left out.</param>
    public virtual void BeginTags(Frame firstStorage, int count, bool invalidate)
    {
    }

    /// <summary>A block turns from tags to data.</summary>
    public virtual void BeginData(Frame firstStorage, int count)
    {
    }

    /// <summary>Throws away cached tags of frames that lose their storage (R9).</summary>
    public virtual void InvalidateTags(Frame frame, int count)
    {
    }

    /// <summary>No tags are saved for any page, so none need be restored.</summary>
    public virtual bool HasNoSavedTags => true;

    /// <summary>A folio has got its storage: tags saved for its pfns while it had none are written into it.</summary>
    /// <returns>There were some; the folio is yet to be marked tagged.</returns>
    public virtual bool RestoreSavedTags(Frame frame, int count) => false;

    /// <summary>Tags that were restored are valid from now on (set_page_mte_tagged).</summary>
    public virtual void MarkRestored(Frame frame)
    {
    }

    /// <summary>A folio is freed: tags saved for its pfns are nobody's now (X9).</summary>
    public virtual void ForgetSavedTags(Frame frame, int count)
    {
    }
}
