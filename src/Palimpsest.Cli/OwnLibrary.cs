using System.Collections;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Palimpsest.Designs;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Races;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>Designs, workloads and races of one's own, which stand in tables and pages like any other.</summary>
/// <param name="takes">What the verb can use.</param>
internal sealed class OwnLibrary(OwnKinds takes)
{
    private readonly InputOption _assembly = new("--assembly")
    {
        Description = $"library of .NET with {OwnParts.Words(takes)} of your own: public static members that are a "
            + $"{OwnParts.Types(takes)}, or several",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Add(_assembly);

    /// <summary>Those of the library that is named; none without one.</summary>
    /// <exception cref="InputException">It is no library, or has nothing that the verb can use.</exception>
    public OwnParts Read(ParseResult parsed)
    {
        if (parsed.GetValue(_assembly) is not { } path)
        {
            return new OwnParts([], [], []);
        }

        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new UsageException("--assembly: this program is native and loads no library; use the tool or the sources");
        }

        object[] members = Members(path);
        OwnParts parts = new(
            [.. members.OfType<DesignEntry>()], [.. members.OfType<LoopEntry>()], [.. members.OfType<OwnRace>()]);
        parts.Require(path, takes);
        return parts;
    }

    /// <summary>What the library throws while it is used is its own mistake, not this program's.</summary>
    /// <exception cref="InputException">The library threw it.</exception>
    public T Told<T>(ParseResult parsed, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is not (InputException or OperationCanceledException)
            && parsed.GetValue(_assembly) is { } path && PlaceIn(path, exception) is { } place)
        {
            throw new InputException($"{path}: {exception.GetType().Name}: {exception.Message} (in {place})", exception);
        }
    }

    /// <summary>The innermost method that is not the runtime's, if it is the library's.</summary>
    private static string? PlaceIn(string path, Exception exception) =>
        new StackTrace(exception).GetFrames().Select(DiagnosticMethodInfo.Create).OfType<DiagnosticMethodInfo>()
            .FirstOrDefault(method => !method.DeclaringAssemblyName.StartsWith("System.", StringComparison.Ordinal)) is { } method
        && method.DeclaringAssemblyName.Split(',')[0] == Path.GetFileNameWithoutExtension(path)
            ? $"{method.DeclaringTypeName}.{method.Name}"
            : null;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A native program has said before that it loads nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static object[] Members(string path)
    {
        if (!File.Exists(path))
        {
            throw new MissingInputException($"{path}: no such file; give a library of .NET");
        }

        try
        {
            return [.. Assembly.LoadFrom(Path.GetFullPath(path)).GetExportedTypes()
                .Where(type => !type.ContainsGenericParameters)
                .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Select(ValueOf).OfType<object>().SelectMany(Listed)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or TypeLoadException
            or FileNotFoundException or MissingMemberException)
        {
            throw new InputException(
                $"{path}: cannot be used as a library of .NET built for this version ({exception.Message.TrimEnd('.')})");
        }
        catch (Exception exception) when (exception is TargetInvocationException or TypeInitializationException)
        {
            Exception cause = exception.GetBaseException();
            throw new InputException($"{path}: a member threw {cause.GetType().Name}: {cause.Message}");
        }
    }

    private static object? ValueOf(MemberInfo member) => member switch
    {
        PropertyInfo property when property.GetMethod is { } read && read.GetParameters().Length == 0 && IsOne(property.PropertyType) =>
            property.GetValue(null),
        FieldInfo field when IsOne(field.FieldType) => field.GetValue(null),
        _ => null,
    };

    private static bool IsOne(Type type) => IsOf<DesignEntry>(type) || IsOf<LoopEntry>(type) || IsOf<OwnRace>(type);

    private static bool IsOf<T>(Type type) => type == typeof(T) || typeof(IEnumerable<T>).IsAssignableFrom(type);

    // A list may be made while it is read.
    private static object[] Listed(object value)
    {
        try
        {
            return value is IEnumerable several ? [.. several.OfType<object>()] : [value];
        }
        catch (Exception exception)
        {
            throw new TargetInvocationException(exception);
        }
    }
}
