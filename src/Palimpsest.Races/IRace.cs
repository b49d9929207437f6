using Palimpsest.Designs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Races;

/// <summary>What a search knows of a race, of the discussion or of one's own.</summary>
internal interface IRace
{
    string Id { get; }

    string Title { get; }

    /// <summary>What prevents it; None when the claim is that nothing does.</summary>
    Safeguards Safeguard { get; }

    /// <summary>Design that it is explored under when none is named.</summary>
    string Design { get; }

    Scenario Scenario(DesignChoice design, Safeguards safeguards);
}
