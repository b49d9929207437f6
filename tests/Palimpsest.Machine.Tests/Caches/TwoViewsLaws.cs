using CsCheck;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

/// <summary>
/// While the kernel keeps the protocol, caches cannot be seen: every byte and every tag read is the one last written, in
/// whatever order lines are written back, and no detector fires.
/// </summary>
public sealed class TwoViewsLaws
{
    private static readonly Gen<TaggedMemoryOptions> Options = Gen.Select(
        Gen.Int[0, 3].Select(index => new[] { 0, 1, 5, 1000 }[index]), Gen.Bool,
        (capacity, cleans) => new TaggedMemoryOptions { DirtyCapacity = capacity, InvalidateCleans = cleans });

    private static readonly Gen<(int Kind, int Block, int Page, int Place, byte Value)[]> Steps =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1], Gen.Int[0, 7], Gen.Int[0, 65535], Gen.Byte).Array[1, 120];

    [Fact]
    public void EveryByteAndTagReadIsTheOneLastWritten() =>
        Law.Holds(Gen.Select(SmallMachine.Geometries, Options, Steps), 1500, drawn =>
        {
            ((int pageBytes, int blockFrames), TaggedMemoryOptions options, (int, int, int, int, byte)[] steps) = drawn;
            TwoViews views = new(SmallMachine.Memory(pageBytes, blockFrames, options), pageBytes, blockFrames);
            foreach ((int kind, int block, int page, int place, byte value) in steps)
            {
                views.Step(kind, block, page, place, value);
            }

            views.Audit();
        });
}
