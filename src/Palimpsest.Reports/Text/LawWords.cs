namespace Palimpsest.Reports.Text;

/// <summary>Laws in a line each, as docs/laws.md tells them.</summary>
internal static class LawWords
{
    /// <summary>What a law says; empty when the name is none of a law.</summary>
    public static string Of(string law) => law switch
    {
        "FRAME-1" => "each frame is in exactly one state",
        "BUDDY-1" => "free lists and counters agree with a recount",
        "TAG-1" => "a tagged page has storage, and its block is reserved and holds no data",
        "TAG-2" => "references of a block equal its live tagged pages",
        "TAG-3" => "no page of tag storage is tagged",
        "TAG-4" => "no dirty line of tags lies over data, and none of data over tags",
        "TAG-5" => "an accessible entry in a PROT_MTE area maps a page whose tags have storage",
        "TAG-6" => "tags are saved by pfn only for pages in use that have no storage",
        "TAG-7" => "a page is marked tagged only once it is flagged as reserved",
        "LRU-1" => "the counter of isolated pages, which a limit is held against, agrees with a recount",
        "PIN-1" => "tag storage holds movable data only (not asked of no-mte and tag-blocks, which let any data in)",
        "DATA" => "every byte and every tag read is the one last written",
        "OOM" => "nobody goes without memory while some is free that could serve",
        "COST" => "a free block interrupts nobody, and a block in use every CPU",
        "SleepInAtomic" => "nothing sleeps in atomic context",
        "LockOrder" => "locks are taken in rising rank (docs/lock-order.md)",
        "Deadlock" => "somebody can always go on",
        "Livelock" => "every operation ends when everybody has turns",
        _ => "",
    };
}
