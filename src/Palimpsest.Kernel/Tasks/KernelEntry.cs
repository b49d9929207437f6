using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Kernel.Tasks;

/// <summary>Where a task comes to when it enters the kernel, by a call or by a fault.</summary>
/// <param name="Folios">Whom pins hold.</param>
/// <param name="Spaces">Where processes begin and end.</param>
/// <param name="Filling">For whoever watches faults.</param>
/// <param name="Unmapping">By which a process that is being killed loses its memory early.</param>
internal sealed record KernelEntry(
    PhysicalMemory Memory, FolioTable Folios, SpaceList Spaces, Processors Processors, PageFaults Faults, Mappings Mappings,
    AreaMarks Marks, Unmapping Unmapping, Filling Filling, Fork Fork);
