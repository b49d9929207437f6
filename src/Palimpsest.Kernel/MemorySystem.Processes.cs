using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;

namespace Palimpsest.Kernel;

/// <content>What the rooms of a running kernel need beyond a replay.</content>
public sealed partial class MemorySystem
{
    internal TaggedAllocation Tagged => _tagged;

    internal FolioMigration Migration => _migration;

    internal Buddy Buddy => _buddy;

    /// <summary>What pages contain: nothing, unless a machine with memory says otherwise.</summary>
    internal PageContents Contents
    {
        get => _recall.Contents;
        set => _recall.Contents = value;
    }

    internal FirstAccess FirstAccess => _firstAccess;

    /// <summary>The tags of a folio in use, whose storage is reserved, are valid from now on (PG_mte_tagged).</summary>
    internal void MarkTagged(int frame) => _tagged.MarkTagged(frame);
}
