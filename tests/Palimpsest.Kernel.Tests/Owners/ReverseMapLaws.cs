using Palimpsest.Kernel.Owners;

namespace Palimpsest.Kernel.Tests.Owners;

/// <summary>Chains of places, with random additions and removals, against a list for each frame.</summary>
public sealed class ReverseMapLaws
{
    private const int Frames = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ChainsAreTheListsLatestFirst(int seed)
    {
        Random random = new(seed);
        ReverseMap map = new();
        int[] heads = new int[Frames];
        List<Mapping>[] lists = [.. Enumerable.Range(0, Frames).Select(_ => new List<Mapping>())];
        for (int step = 0; step < 5000; step++)
        {
            int frame = random.Next(Frames);
            Mapping mapping = new(random.Next(4), (uint)random.Next(20) | (random.Next(2) == 0 ? 1UL << 51 : 0), random.Next(3) == 0);
            bool isThere = lists[frame].Exists(other => (other.Space, other.Page) == (mapping.Space, mapping.Page));
            if (!isThere && random.Next(3) > 0)
            {
                map.Add(ref heads[frame], mapping);
                lists[frame].Insert(0, mapping);
            }
            else
            {
                Assert.Equal(isThere, map.Remove(ref heads[frame], mapping.Space, mapping.Page));
                lists[frame].RemoveAll(other => (other.Space, other.Page) == (mapping.Space, mapping.Page));
            }

            Assert.Equal(lists[frame], ChainOf(map, heads[frame]));
            Assert.Equal(lists[frame].Count, map.Count(heads[frame]));
        }

        Assert.Equal(lists.Sum(list => list.Count), map.Mappings);
        Assert.All(Enumerable.Range(0, Frames), frame => Assert.Equal(lists[frame], ChainOf(map, heads[frame])));
    }

    [Fact]
    public void RoomThatIsGivenBackIsUsedAgain()
    {
        ReverseMap map = new();
        int head = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int page = 0; page < 3000; page++)
            {
                map.Add(ref head, new Mapping(1, (ulong)page, IsHuge: false));
            }

            Assert.Equal((3000, 3000), (map.Mappings, map.Count(head)));
            for (int page = 0; page < 3000; page++)
            {
                Assert.True(map.Remove(ref head, 1, (ulong)page));
            }

            Assert.Equal((0, 0), (head, map.Mappings));
        }

        map.Add(ref head, new Mapping(1, 5, IsHuge: false));
        Assert.InRange(head, 1, 3000);
    }

    [Fact]
    public void APlaceOfAnotherSpaceIsAnother()
    {
        ReverseMap map = new();
        int head = 0;
        map.Add(ref head, new Mapping(1, 5, IsHuge: false));
        map.Add(ref head, new Mapping(2, 5, IsHuge: true));

        Assert.False(map.Remove(ref head, 3, 5));
        Assert.False(map.Remove(ref head, 1, 6));
        Assert.True(map.Remove(ref head, 1, 5));
        Assert.Equal([new Mapping(2, 5, IsHuge: true)], ChainOf(map, head));
    }

    private static List<Mapping> ChainOf(ReverseMap map, int head)
    {
        List<Mapping> chain = [];
        for (int node = head; node != 0; node = map.Next(node))
        {
            chain.Add(map[node]);
        }

        return chain;
    }
}
