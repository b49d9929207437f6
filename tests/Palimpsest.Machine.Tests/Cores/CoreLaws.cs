using CsCheck;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Cores;

/// <summary>
/// A CPU against arrays of bytes and tags and the rule itself: an access faults if and only if a granule that it touches
/// has another tag, and what it reads is what was last written, whatever is cached.
/// </summary>
public sealed class CoreLaws
{
    private static readonly Gen<(int Kind, int Place, int Tag, int Length, ulong Value)[]> Steps =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, int.MaxValue], Gen.Int[0, 15], Gen.Int[0, 5000], Gen.ULong).Array[1, 150];

    [Fact]
    public void AnAccessFaultsExactlyWhereATagDiffers() =>
        Law.Holds(Gen.Select(SmallMachine.Geometries, Gen.Int[0, 3], Gen.Int[0, 40], Steps), 1500, drawn =>
        {
            ((int pageBytes, int blockFrames), int mode, int capacity, (int, int, int, int, ulong)[] steps) = drawn;
            TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames, new TaggedMemoryOptions { DirtyCapacity = capacity });
            CheckedSpace space = new(memory, (TagFaultMode)mode);
            foreach ((int kind, int place, int tag, int length, ulong value) in steps)
            {
                space.Step(kind, place, tag, length, value);
            }

            space.Audit();
        });
}
