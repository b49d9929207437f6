using Palimpsest.Lab.Trials;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>
/// The method's check on more recordings than the bundled one: numa-node leaves it to the allocator of today where a tagged page goes, so
/// it must need the tag storage that the recorded kernel's own pages would have needed.
/// </summary>
public sealed class PlacementTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings", "Placed");

    [Theory]
    [InlineData("thp.txt.zst", 142)]
    [InlineData("truth.txt.zst", 185)]
    [InlineData("contig.dat.zst", 494)]
    public void TheModelPlacesTaggedPagesAsTheRecordedKernelDid(string recording, double recordedFrames)
    {
        string board = Path.Combine(Folder, $"{recording[..recording.IndexOf('.', StringComparison.Ordinal)]}.dtb");
        ComparisonResult result = new ComparisonTrial(new(Path.Combine(Folder, recording)), new() { TreePath = board })
        {
            Designs = ["numa-node"],
        }.Finish();

        Assert.Equal(recordedFrames, result.Placement!.ReservedMean, tolerance: 0.5);
        Assert.InRange(result.Designs[0].Storage.ReservedMean / result.Placement.ReservedMean, 0.95, 1.05);
    }
}
