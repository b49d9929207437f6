namespace Palimpsest.Machine.Caches;

/// <summary>Who checks tags against cached lines without asking whether they are still cached.</summary>
internal interface ITagLineWatcher
{
    /// <summary>A line that <see cref="LinePage.Shorten"/> names leaves the cache, or its storage is declared to hold data.</summary>
    /// <param name="hint">1 and the place that was named for it; below 0 where several were.</param>
    void TagLineChanges(LinePage page, int line, int hint);
}
