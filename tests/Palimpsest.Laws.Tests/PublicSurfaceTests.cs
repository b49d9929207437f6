using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>
/// What is public is needed: another project that cannot see inside names it, the documents show it, or a member of such a type has it.
/// </summary>
public sealed partial class PublicSurfaceTests
{
    public static TheoryData<string> Libraries() => [.. SourceTree.Projects().Where(project => project != "Palimpsest.Cli")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void EveryPublicTypeIsNeededElsewhere(string project)
    {
        Assembly assembly = Assembly.Load(project);
        Type[] types = [.. assembly.GetExportedTypes().Where(type => !type.IsNested)];
        HashSet<string> words = WordsOfOthers(project, FriendsOf(assembly));
        HashSet<Type> needed = [];
        Queue<Type> open = new(types.Where(type => words.Contains(NameOf(type)) || IsExtension(type, words)));
        while (open.TryDequeue(out Type? type))
        {
            if (type.Assembly == assembly && needed.Add(type))
            {
                foreach (Type shown in Shown(type))
                {
                    open.Enqueue(shown);
                }
            }
        }

        Assert.True(!types.Except(needed).Any(), string.Join(" ", types.Except(needed).Select(type => type.FullName)));
    }

    /// <summary>Words of all code that sees only what is public.</summary>
    private static HashSet<string> WordsOfOthers(string project, string[] friends)
    {
        string own = Path.DirectorySeparatorChar + project + Path.DirectorySeparatorChar;
        IEnumerable<string> code = SourceTree.All()
            .Where(file => !file.Contains(own, StringComparison.Ordinal)
                && !friends.Any(friend =>
                    file.Contains($"{Path.DirectorySeparatorChar}{friend}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
            .Select(SourceTree.CodeOf);
        return [.. code.Append(SourceTree.Readme()).SelectMany(text => Word().Matches(text).Select(word => word.Value))];
    }

    private static string[] FriendsOf(Assembly assembly) =>
        [.. assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName)];

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>A class of extensions is used by the names of its methods.</summary>
    private static bool IsExtension(Type type, HashSet<string> words) => type.IsDefined(typeof(ExtensionAttribute))
        && type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => words.Contains(method.Name));

    /// <summary>Types that have to be public because this one is.</summary>
    private static IEnumerable<Type> Shown(Type type)
    {
        const BindingFlags Visible =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type> members = type.GetMembers(Visible).SelectMany(member => member switch
        {
            MethodInfo method when IsVisible(method) => method.GetParameters().Select(parameter => parameter.ParameterType).Append(
                method.ReturnType),
            ConstructorInfo constructor when IsVisible(constructor) => constructor.GetParameters().Select(
                parameter => parameter.ParameterType),
            FieldInfo { IsPublic: true } field => [field.FieldType],
            TypeInfo { IsNestedPublic: true } nested => [nested, .. Shown(nested)],
            _ => Enumerable.Empty<Type>(),
        });
        MethodInfo? delegated = typeof(Delegate).IsAssignableFrom(type) ? type.GetMethod("Invoke") : null;
        return members.Concat(type.GetInterfaces()).Append(type.BaseType ?? typeof(object))
            .Concat(delegated?.GetParameters().Select(parameter => parameter.ParameterType) ?? []).SelectMany(Parts);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Word();
}
