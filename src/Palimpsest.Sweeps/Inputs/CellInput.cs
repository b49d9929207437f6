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
}

/// <summary>A file of an input.</summary>
/// <param name="Path">From the folder that the input lies in, with slashes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record InputPart(string Path, string Sha256, long Bytes);
