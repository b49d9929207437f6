using SharpFuzz;

namespace Palimpsest.Fuzzing;

/// <summary>The copies of the readers' assemblies beside this program, which count their branches from here on.</summary>
internal static class InstrumentedAssemblies
{
    private static readonly string[] _names = ["Palimpsest.Traces", "Palimpsest.Lab", "Palimpsest.Machine", "Palimpsest.Exploration"];

    /// <summary>To be called before any of them is loaded. A build copies them anew, without the counting.</summary>
    public static void Prepare()
    {
        foreach (string name in _names)
        {
            try
            {
                Fuzzer.Instrument(Path.Combine(AppContext.BaseDirectory, name + ".dll"), _ => true, Options.Value);
            }
            catch (InstrumentationException)
            {
                // Since the last build it has been done.
            }
        }

        EdgeMap.Clear();
    }
}
