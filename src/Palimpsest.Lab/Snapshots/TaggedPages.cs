using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Pages that were tagged when a kpageflags was copied, as evidence for the lives of pages around that moment.</summary>
public static class TaggedPages
{
    /// <summary>From the folder and those beside it that have a kpageflags, in the order of time.</summary>
    /// <exception cref="InputException">None has one, or none shows a tagged page.</exception>
    public static IReadOnlyList<TaggedMapping> Find(Trace trace, MemoryLayout layout, SnapshotFolder folder)
    {
        List<TaggedMapping> tagged = [];
        bool hasFlags = false;
        foreach (SnapshotMoment moment in RecordedMoments.Around(trace, folder).All)
        {
            if (moment.Folder.PageFlags(layout) is { } flags)
            {
                hasFlags = true;
                tagged.AddRange(flags.TaggedFrames(layout)
                    .Select(frame => new TaggedMapping(moment.Events, layout.PfnOf(frame), Pages: 1, Math.Max(0, moment.TimeNs), Cpu: 0)));
            }
        }

        return tagged.Count > 0 ? tagged
            : throw new InputException(hasFlags
                ? "--tag-source snapshot: kpageflags shows no tagged page (bit 41, PG_mte_tagged on arm64); copy it while tagged "
                    + "programs run, or use another source"
                : "--tag-source snapshot: no snapshot has a kpageflags; copy /proc/kpageflags (root) once or more often while recording, "
                    + "into folders beside each other");
    }
}
