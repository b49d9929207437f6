using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>The address spaces of a machine, by number; a number is not used again.</summary>
internal sealed class SpaceList(PageGeometry geometry)
{
    private readonly List<AddressSpace?> _spaces = [];

    /// <summary>Those that have not ended, oldest first.</summary>
    public IEnumerable<AddressSpace> All => _spaces.OfType<AddressSpace>();

    public AddressSpace Of(int id) => _spaces[id]!;

    public AddressSpace Begin()
    {
        AddressSpace space = new(_spaces.Count, geometry);
        _spaces.Add(space);
        return space;
    }

    /// <summary>Forgets a space that maps nothing any more.</summary>
    public void End(AddressSpace space) => _spaces[space.Id] = null;
}
