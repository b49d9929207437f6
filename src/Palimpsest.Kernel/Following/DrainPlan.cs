using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Following;

/// <summary>The folios that a drain frees, one after the other.</summary>
public sealed class DrainPlan
{
    private DrainCursor _cursor;

    internal DrainPlan(DrainCursor cursor) => _cursor = cursor;

    /// <summary>Frames still to be given back.</summary>
    public int Left => _cursor.Left;

    /// <summary>The next folio, or none when the drain ends.</summary>
    public Frame Next() => _cursor.Next();
}
