namespace Palimpsest.A64;

/// <summary>How instructions are executed; what they do, and how many there are, is the same.</summary>
public enum Engine
{
    /// <summary>One after the other.</summary>
    Interpreter,

    /// <summary>What is executed often is compiled; all else, and where there is no compiler at run time, is interpreted.</summary>
    Compiler,
}

/// <summary>What a compiler has done.</summary>
internal sealed class CompilerCounters
{
    public int Regions { get; internal set; }

    public int Instructions { get; internal set; }

    /// <summary>Those of them that call the interpreter.</summary>
    public int Interpreted { get; internal set; }
}
