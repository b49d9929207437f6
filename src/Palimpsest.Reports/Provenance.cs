using System.Reflection;

namespace Palimpsest.Reports;

/// <summary>What made a result: which build was told what, and which inputs it read. Nothing of when, where or by whom.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Commit">That it was built from, "-dirty" behind it where sources were changed; null where nobody told.</param>
/// <param name="Command">Verb, arguments and options, each as a shell would hand it over; of a path its base name, and nothing about
/// where results go.</param>
/// <param name="Inputs">In the order of the command; those that come with the program too.</param>
public sealed record Provenance(string Version, string? Commit, IReadOnlyList<string> Command, IReadOnlyList<InputDigest> Inputs)
{
    /// <summary>This build, told a command.</summary>
    public static Provenance Of(IReadOnlyList<string> command, IReadOnlyList<InputDigest> inputs)
    {
        string[] build = (typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown").Split('+', 2);
        return new Provenance(build[0], build.Length == 2 ? build[1] : null, command, inputs);
    }

    /// <summary>The build in words.</summary>
    public string Build => Commit is null ? $"palimpsest {Version}" : $"palimpsest {Version}, commit {Commit}";

    /// <summary>The command as a line for a shell.</summary>
    public string Line => string.Join(' ', Command.Prepend("palimpsest").Select(Quoted));

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "./_-:=,@".Contains(letter))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>A file, or a folder of files, that a result was made from.</summary>
/// <param name="Role">The argument or option that names it.</param>
/// <param name="Name">Its base name.</param>
/// <param name="Bytes">Of all files together; null for what is no file.</param>
/// <param name="Sha256">Lower-case hexadecimal; of a folder, that of what sha256sum prints of its files in order of their names; null
/// for what is no file.</param>
public sealed record InputDigest(string Role, string Name, long? Bytes, string? Sha256);
