namespace Palimpsest.Lab.Census;

/// <summary>Which pages a census takes to be tagged.</summary>
public enum CensusCandidates
{
    /// <summary>All anonymous memory.</summary>
    Anonymous,

    /// <summary>What lies in areas that were mapped PROT_MTE: "mt" among VmFlags of /proc/PID/smaps.</summary>
    MteAreas,

    /// <summary>What has tags now: PG_mte_tagged of arm64.</summary>
    Tagged,
}
