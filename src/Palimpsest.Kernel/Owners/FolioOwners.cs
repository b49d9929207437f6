namespace Palimpsest.Kernel.Owners;

/// <summary>Whose the folios of a running machine are: their references, their mappings, their lists and their locks.</summary>
internal sealed record FolioOwners(FolioTable Folios, ReverseMap ReverseMap, LruLists Lru, FolioLocks Locks, WorkingSet WorkingSet);
