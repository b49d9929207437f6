using System.CommandLine;

namespace Palimpsest.Cli;

/// <summary>An argument that names a file or folder to read; "-" is standard input.</summary>
internal sealed class InputArgument(string name) : Argument<string?>(name);

/// <summary>An option that names a file or folder to read.</summary>
internal sealed class InputOption(string name) : Option<string?>(name);

/// <summary>An option that says where a result goes: what the result is does not depend on it.</summary>
internal sealed class OutputOption(string name) : Option<string?>(name);

/// <summary>An option about what is shown of a result, which is the same with it.</summary>
internal sealed class DisplayOption(string name) : Option<bool>(name);
