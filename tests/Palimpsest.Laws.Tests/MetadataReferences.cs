using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Palimpsest.Laws.Tests;

/// <summary>Types of other assemblies that a compiled assembly mentions anywhere, bodies of methods included.</summary>
internal sealed class MetadataReferences
{
    public MetadataReferences(Assembly assembly)
    {
        using FileStream stream = File.OpenRead(assembly.Location);
        using PEReader image = new(stream);
        MetadataReader reader = image.GetMetadataReader();
        Types = [.. reader.TypeReferences.Select(handle => reader.GetTypeReference(handle))
            .Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}")];
    }

    public IReadOnlyList<string> Types { get; }
}
