namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Some of the zones of a machine, by their indexes.</summary>
internal readonly record struct ZoneMask(int Bits)
{
    /// <summary>Whatever zone a page lies in.</summary>
    public static ZoneMask All { get; } = new(-1);

    public bool Has(int zone) => ((Bits >> zone) & 1) != 0;
}
