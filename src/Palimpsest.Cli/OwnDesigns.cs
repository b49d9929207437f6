using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Palimpsest.Designs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>Designs of one's own, which stand in tables and pages like any other.</summary>
internal sealed class OwnDesigns
{
    private readonly InputOption _assembly = new("--assembly")
    {
        Description = "library of .NET with designs of your own: public static members that are a DesignEntry or several",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Add(_assembly);

    /// <summary>Those of the library that is named; none without one.</summary>
    /// <exception cref="InputException">It is no library, or has no design.</exception>
    public IReadOnlyList<DesignEntry> Read(ParseResult parsed)
    {
        if (parsed.GetValue(_assembly) is not { } path)
        {
            return [];
        }

        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new UsageException("--assembly: this program is native and loads no library; use the tool or the sources");
        }

        DesignEntry[] entries = [.. EntriesOf(path)];
        string? taken = entries.Select(entry => entry.Name).Intersect(DesignCatalog.All.Select(entry => entry.Name)).FirstOrDefault();
        return (entries.Length, taken) switch
        {
            (0, _) => throw new InputException($"{path}: has no public static member that is a DesignEntry"),
            (_, not null) => throw new InputException($"{path}: {taken} is the name of a design that is there already"),
            _ => entries,
        };
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A native program has said before that it loads nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<DesignEntry> EntriesOf(string path)
    {
        if (!File.Exists(path))
        {
            throw new MissingInputException($"{path}: no such file; give a library of .NET");
        }

        try
        {
            return [.. Assembly.LoadFrom(Path.GetFullPath(path)).GetExportedTypes()
                .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .SelectMany(EntriesOf)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or TypeLoadException
            or FileNotFoundException or TargetInvocationException)
        {
            throw new InputException(
                $"{path}: cannot be used as a library of .NET built for this version ({exception.Message.TrimEnd('.')})");
        }
    }

    private static IEnumerable<DesignEntry> EntriesOf(MemberInfo member) => member switch
    {
        PropertyInfo property when property.GetMethod is { } read && read.GetParameters().Length == 0 && IsOne(property.PropertyType) =>
            Flat(property.GetValue(null)),
        FieldInfo field when IsOne(field.FieldType) => Flat(field.GetValue(null)),
        _ => [],
    };

    private static bool IsOne(Type type) => type == typeof(DesignEntry) || typeof(IEnumerable<DesignEntry>).IsAssignableFrom(type);

    private static IEnumerable<DesignEntry> Flat(object? value) =>
        value is DesignEntry one ? [one] : (IEnumerable<DesignEntry>?)value ?? [];
}
