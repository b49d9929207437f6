using System.Reflection;
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
        Assembly[] roots = [typeof(ComparisonTrial).Assembly, typeof(BeyondTrial).Assembly];
        IEnumerable<Assembly> model = roots.Concat(roots.SelectMany(root => root.GetReferencedAssemblies())
            .Where(name => name.Name!.StartsWith("Palimpsest.", StringComparison.Ordinal)).Select(Assembly.Load));
        string ids = string.Join('\n', model.Select(assembly => $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}")
            .Distinct().Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ids)))[..12];
    }
}
