using Palimpsest.Lab.Census;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>The bundled samples, and trials that end with the test.</summary>
internal static class TrialFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples");

    public static string Trace => Path.Combine(Folder, "small.txt.zst");

    public static string Board => Path.Combine(Folder, "small.dtb");

    public static string Snapshot => Path.Combine(Folder, "small.snapshot");

    public static string BootTrace => Path.Combine(Folder, "boot.txt.zst");

    public static string BootBoard => Path.Combine(Folder, "boot.dtb");

    public static string BootSnapshot => Path.Combine(Folder, "boot.snapshot");

    public static ComparisonResult Finish(this ComparisonTrial trial) => trial.Run(progress: null, TestContext.Current.CancellationToken);

    public static LoopResult Finish(this LoopTrial trial) => trial.Run(cancellation: TestContext.Current.CancellationToken);

    public static CensusResult Finish(this CensusTrial trial) => trial.Run(progress: null, TestContext.Current.CancellationToken);
}
