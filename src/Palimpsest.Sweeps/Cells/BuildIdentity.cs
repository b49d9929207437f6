using System.Security.Cryptography;
using System.Text;
using Palimpsest.Lab.Trials;
using Palimpsest.Races.Trials;
using Palimpsest.Reports;

namespace Palimpsest.Sweeps.Cells;

/// <summary>Which program computes: cells of two programs are never taken for each other.</summary>
public static class BuildIdentity
{
    /// <summary>
    /// Version and commit. Where sources were changed after the commit, or nobody told it, the assemblies of the model count too.
    /// </summary>
    public static string Current { get; } = Of(Provenance.Of([], []));

    /// <summary>A few letters that stand for it, where only some letters may be used.</summary>
    public static string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Current)))[..12];

    private static string Of(Provenance build) => build.Commit is { } commit && !commit.EndsWith("-dirty", StringComparison.Ordinal)
        ? $"{build.Version}+{commit}"
        : $"{build.Version}+{build.Commit}+{ModuleHash()}";

    // The id of a module is a hash of what it was compiled from.
    private static string ModuleHash()
    {
        Type[] model =
        [
            typeof(Vocabulary.Pfn), typeof(Steps.Interleaving), typeof(Machine.Memory.MemoryBoard), typeof(A64.Cpu),
            typeof(Kernel.MemorySystem), typeof(Userland.GuestSystem), typeof(Designs.DesignCatalog), typeof(Traces.Trace),
            typeof(ComparisonTrial), typeof(Exploration.Explorer), typeof(BeyondTrial), typeof(BuildIdentity),
        ];
        string ids = string.Join('\n', model.Select(type => $"{type.Assembly.GetName().Name} {type.Module.ModuleVersionId}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ids)))[..12];
    }
}
