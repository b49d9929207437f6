using System.CommandLine;

namespace Palimpsest.Cli;

/// <summary>--both-engines, of the verbs that set designs beside each other.</summary>
internal sealed class BothEnginesOption : Option<bool>
{
    public BothEnginesOption()
        : base("--both-engines") => Description = "each design that can take tag storage straight off the free lists or by range "
            + "allocations, with both (fast-path=on and off)";
}
