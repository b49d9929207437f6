using System.Security.Cryptography;
using System.Text;

namespace Palimpsest.Sweeps.Inputs;

/// <summary>A file or folder that a cell reads, known by what is in it and not by where it lies.</summary>
/// <param name="Name">Its base name, for people; it decides nothing.</param>
/// <param name="Sha256">Lower-case hexadecimal; of a folder, that of its parts as sha256sum prints them.</param>
/// <param name="Parts">The files; of a single file that file alone, by its name.</param>
public sealed record CellInput(string Name, string Sha256, IReadOnlyList<InputPart> Parts)
{
    /// <summary>
    /// Its path from the folder of the experiment, for whoever repeats a cell there; null where the experiment names it by an absolute
    /// path, which is nothing to tell others. It decides nothing.
    /// </summary>
    public string? Place { get; init; }

    /// <summary>Of all parts together.</summary>
    public long Bytes => Parts.Sum(part => part.Bytes);

    /// <summary>It is a folder: its parts lie below, and beside, the folder of its name.</summary>
    public bool IsFolder => Parts is not [{ Path: var path }] || path != Name;

    /// <summary>Names and hashes are what they say, and lead nowhere else; one that others sent may be anything.</summary>
    public bool IsPlain => Name is { Length: > 0 } && IsStep(Name) && Sha256 == (IsFolder ? HashOf(Parts) : Parts[0].Sha256)
        && Parts.All(part => part.Path.Split('/').All(IsStep) && IsHash(part.Sha256));

    /// <summary>Of a folder: the hash of its parts as sha256sum prints them.</summary>
    internal static string HashOf(IEnumerable<InputPart> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(parts.Select(part => $"{part.Sha256}  {part.Path}\n")))));

    private static bool IsStep(string name) => name is not ("" or "." or "..") && !name.Contains('/', StringComparison.Ordinal)
        && !name.Contains('\0', StringComparison.Ordinal);

    private static bool IsHash(string text) => text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>A file of an input.</summary>
/// <param name="Path">From the folder that the input lies in, with slashes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record InputPart(string Path, string Sha256, long Bytes);
