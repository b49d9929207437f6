namespace Palimpsest.Machine.Cores;

/// <summary>What a page of virtual addresses is mapped to.</summary>
/// <param name="IsTagged">Normal-Tagged: MAIR attribute 0xF0, what Linux gives to VM_MTE.</param>
/// <param name="IsExecutable">Instructions may be fetched from it.</param>
public readonly record struct Translation(int Frame, bool IsReadable, bool IsWritable, bool IsTagged, bool IsExecutable = false);

/// <summary>Translation tables as a walk of EL0 sees them.</summary>
public abstract class PageTable
{
    /// <param name="page">Bits 55:0 of the address, divided by the page size.</param>
    /// <returns>False where nothing is mapped, or what is mapped is not accessible: a translation fault.</returns>
    public abstract bool TryTranslate(ulong page, out Translation translation);
}
