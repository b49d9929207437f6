using System.Diagnostics.CodeAnalysis;

// A native program has no compiler at run time, RegionCompiler.IsSupported says so, and nothing here is called in one: it interprets.
[assembly: UnconditionalSuppressMessage("AOT", "IL3050", Scope = "type", Target = "~T:Palimpsest.A64.Compilation.RegionCompiler",
    Justification = "Not called in a native program.")]
[assembly: UnconditionalSuppressMessage("AOT", "IL3050", Scope = "type", Target = "~T:Palimpsest.A64.Compilation.RegionWriter",
    Justification = "Not called in a native program.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2060", Scope = "type", Target = "~T:Palimpsest.A64.Compilation.RegionWriter",
    Justification = "Not called in a native program.")]
[assembly: UnconditionalSuppressMessage("Trimming", "IL2080", Scope = "type", Target = "~T:Palimpsest.A64.Compilation.RegionWriter",
    Justification = "Not called in a native program.")]
