using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Reclaim;

namespace Palimpsest.Kernel.Tests.Reclaim;

/// <summary>What a round of reclaim has yet to look at, computed by hand from shrink_lruvec, mm/vmscan.c, 6.1.</summary>
public sealed class ScanTargetsTests
{
    [Fact]
    public void WithEnoughFreedTheLesserKindIsDoneAndTheOtherLookedAtInProportion()
    {
        ScanTargets targets = Of(inactiveAnonymous: 40, activeAnonymous: 20, inactiveFile: 200, activeFile: 100);
        LookAtAllOnce(targets);

        // Left: anonymous 8 + 0, files 168 + 68; of the anonymous 8 * 100 / 61 = 13 % are left, so 87 % of the files are to be looked at.
        Assert.True(targets.EvenOut());

        Assert.Equal((0, 0, 174 - 32, 87 - 32), All(targets));
    }

    [Fact]
    public void OneKindAloneIsNotEvenedOut()
    {
        ScanTargets targets = Of(inactiveAnonymous: 0, activeAnonymous: 0, inactiveFile: 200, activeFile: 100);
        LookAtAllOnce(targets);

        Assert.False(targets.EvenOut());
        Assert.Equal((0, 0, 168, 68), All(targets));
    }

    [Fact]
    public void ActiveAnonymousPagesAloneAreNoReasonToGoOn()
    {
        Assert.True(Of(0, 30, 0, 0).IsOver);
        Assert.False(Of(0, 0, 0, 1).IsOver);
    }

    private static ScanTargets Of(int inactiveAnonymous, int activeAnonymous, int inactiveFile, int activeFile)
    {
        ScanTargets targets = new();
        targets[LruList.InactiveAnonymous] = inactiveAnonymous;
        targets[LruList.ActiveAnonymous] = activeAnonymous;
        targets[LruList.InactiveFile] = inactiveFile;
        targets[LruList.ActiveFile] = activeFile;
        return targets;
    }

    private static void LookAtAllOnce(ScanTargets targets)
    {
        for (LruList list = 0; list <= LruList.ActiveFile; list++)
        {
            targets.Take(list, most: 32);
        }
    }

    private static (int, int, int, int) All(ScanTargets targets) => (targets[LruList.InactiveAnonymous],
        targets[LruList.ActiveAnonymous], targets[LruList.InactiveFile], targets[LruList.ActiveFile]);
}
