using System.Globalization;
using System.Runtime.CompilerServices;
using Palimpsest.Testing.Corpus;

namespace Palimpsest.Fuzzing;

/// <summary>Fuzzes the readers: <c>dotnet run -c Release --project bench/Palimpsest.Fuzzing SECONDS [READER...]</c>; see Usage.</summary>
internal static class Program
{
    private const string Usage =
        "usage: SECONDS [READER...]: fuzzes each for so long, and keeps a smallest set of inputs; 0 seconds only make the set smaller";

    public static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || !int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            Console.Error.WriteLine(Usage);
            return 64;
        }

        InstrumentedAssemblies.Prepare();
        return Fuzz(TimeSpan.FromSeconds(seconds), arguments[1..]);
    }

    // By itself, so that the assemblies are loaded after they are prepared.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Fuzz(TimeSpan time, string[] names)
    {
        if (names.FirstOrDefault(name => !InputReaders.All.ContainsKey(name)) is { } unknown)
        {
            Console.Error.WriteLine($"no reader {unknown}; there are {string.Join(", ", InputReaders.All.Keys)}");
            return 64;
        }

        string work = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "palimpsest-fuzzing")).FullName;
        int faults = 0;
        foreach (string name in names.Length > 0 ? names : [.. InputReaders.All.Keys])
        {
            Campaign campaign = new(name, work, Environment.TickCount);
            campaign.Run(Seeds.Of(name), time);
            IReadOnlyList<byte[]> kept = campaign.Minimal();
            KeptInputs.Write(Seeds.KeptFile(name), kept);
            double rate = campaign.Executions / Math.Max(time.TotalSeconds, 1);
            string line = string.Create(CultureInfo.InvariantCulture, $"{name}\t{time.TotalSeconds} s\t{campaign.Executions} "
                + $"executions\t{rate:N0}/s\t{campaign.Edges} edges\t{campaign.Inputs.Count} inputs\t{kept.Count} "
                + $"kept\t{campaign.Faults} faults");
            Console.WriteLine(line);
            File.AppendAllText(Path.Combine(work, "campaigns.tsv"), line + "\n");
            faults += campaign.Faults;
        }

        return faults == 0 ? 0 : 1;
    }
}
