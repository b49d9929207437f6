using System.Diagnostics;
using System.Globalization;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A file system that is really full, at any size: what was committed is there when there is room.</summary>
public sealed class FullDiskTests
{
    private const int PageKib = 4;
    private const int MostKib = 400;

    [Fact]
    public void WhereverTheDiskIsFullNothingIsLost()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        stage.Run(plan, "whole", threads: 1);
        int stops = 0;
        bool isWhole = false;
        for (int kib = PageKib; kib < MostKib && !isWhole; kib += PageKib)
        {
            string disk = Directory.CreateDirectory(stage[$"disk-{kib}"]).FullName;
            if (!Run("mount", "-t", "tmpfs", "-o", Size(kib), "tmpfs", disk))
            {
                TestContext.Current.SendDiagnosticMessage("left out: this user may mount no file system, so none is full");
                return;
            }

            try
            {
                isWhole = !IsStopped(stage, plan, $"disk-{kib}/out");
                stops += isWhole ? 0 : 1;
                Assert.True(Run("mount", "-o", "remount," + Size(4 * MostKib), disk));
                stage.Run(plan, $"disk-{kib}/out", threads: 2);

                Assert.Equal(stage.FilesIn("whole"), stage.FilesIn($"disk-{kib}/out"));
            }
            finally
            {
                Run("umount", disk);
            }
        }

        Assert.True(isWhole && stops > 5, $"{stops} sizes at which it stops");
    }

    /// <summary>Runs a sweep to its end, or until the disk is full: what it had committed by then is found again.</summary>
    private static bool IsStopped(SweepStage stage, SweepPlan plan, string name)
    {
        int committed = 0;
        try
        {
            using ResultFolder results = stage.Open(plan, name);
            try
            {
                for (int index = 0; index < plan.Count; index++)
                {
                    results.Commit(index, SweepStage.Computed(plan[index], CancellationToken.None));
                    committed++;
                }

                return false;
            }
            finally
            {
                Assert.True(results.Count >= committed);
            }
        }
        catch (IOException full)
        {
            Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
            return true;
        }
    }

    private static string Size(int kib) => string.Create(CultureInfo.InvariantCulture, $"size={kib}k");

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
