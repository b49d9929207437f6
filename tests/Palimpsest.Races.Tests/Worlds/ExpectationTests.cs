using CsCheck;
using Palimpsest.Designs;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Worlds;

/// <summary>What must hold at the end of a run: a byte or a tag that is not what was stored is seen and named.</summary>
public sealed class ExpectationTests
{
    private readonly RaceWorld _world = new WorldFactory(new Interleaving(), DesignCatalog.Parse("cma-no-tagged"), Safeguards.All).World();
    private readonly Process _process;
    private readonly ulong _at;

    public ExpectationTests()
    {
        _process = _world.Start("user");
        _at = _process.Map(4 * RaceWorld.Page, RaceWorld.Tagged);
    }

    [Fact]
    public void NothingIsExpectedOfAnEmptyWorld() => Assert.Null(_world.BrokenExpectation());

    [Fact]
    public void AWordThatIsThereIsNoNews()
    {
        _process.Store(_at, 7);
        _world.Remember(_process, _at, 7);

        Assert.Null(_world.BrokenExpectation());
    }

    [Fact]
    public void AWordThatIsAnotherIsNamedWithWhatWasStored()
    {
        _process.Store(_at, 7);
        _world.Remember(_process, _at, 8);

        Assert.Equal($"user reads 0x7 at 0x{_at:x}, and 0x8 was stored", _world.BrokenExpectation());
    }

    [Fact]
    public void OnlyTheLastWordCounts()
    {
        _world.Remember(_process, _at, 1);
        _world.Remember(_process, _at, 2);
        _process.Store(_at, 2);

        Assert.Equal(2UL, _world.WordAt(_at));
        Assert.Equal(0UL, _world.WordAt(_at + 8));
        Assert.Null(_world.BrokenExpectation());
    }

    [Fact]
    public void ATagThatIsAnotherIsNamedWithWhatWasStored()
    {
        _process.StoreTag(Process.Tagged(_at, 5));
        _world.RememberTag(_process, _at, 5);
        Assert.Null(_world.BrokenExpectation());

        _world.RememberTag(_process, _at, 6);

        Assert.Equal($"user finds tag 5 at 0x{_at:x}, and 6 was stored", _world.BrokenExpectation());
    }

    [Fact]
    public async Task AWriterWhoReadsAnotherWordThanItsOwnSpoilsTheRunThough()
    {
        LinuxTask task = _process.StartTask(CpuId.Boot);
        await task.Store(_at, 3);
        _world.Remember(_process, _at, 3);
        await _world.CheckWord(task, _process, _at);
        Assert.Null(_world.BrokenExpectation());

        await task.Store(_at, 4);
        await _world.CheckWord(task, _process, _at);
        await task.Store(_at, 3);

        Assert.Equal($"user reads 0x4 at 0x{_at:x}, and 0x3 was stored", _world.BrokenExpectation());
    }

    [Fact]
    public void ExpectedWordsAndTagsAreComparedAtTheEnd()
    {
        _process.Store(_at, 9);
        _world.ExpectWord(_process, _at, 9);
        _world.ExpectTag(_process, _at, 0);
        Assert.Null(_world.BrokenExpectation());

        _world.ExpectTag(_process, _at, 1);
        Assert.Equal($"the tag of 0x{_at:x} is 0, and 1 was stored", _world.BrokenExpectation());
    }

    [Fact]
    public void TheFirstOfManyIsTold()
    {
        _world.Expect(() => null);
        _world.Expect(() => "the first");
        _world.Expect(() => "the second");

        Assert.Equal("the first", _world.BrokenExpectation());
    }

    [Fact]
    public void OneByteOfAGuestThatChangedIsFound() =>
        Law.Holds(Gen.Select(Gen.Int[0, RaceWorld.Page - 1], Gen.Byte), 40, drawn =>
        {
            (int offset, byte value) = drawn;
            RaceWorld world = new WorldFactory(new Interleaving(), DesignCatalog.Parse("cma-no-tagged"), Safeguards.All).World();
            Process guest = world.Start("guest");
            byte right = RaceWorld.GuestBytes(1)[0];
            ulong at = world.PlaceGuest(guest, world.StorageOf(world.DataFrame(group: 20)));
            guest.Write(at + (ulong)offset, new[] { value });

            Assert.Equal(
                value == right ? null : $"guest reads 0x{value:x} at 0x{at + (ulong)offset:x}, and 0x{right:x} was stored",
                world.BrokenExpectation());
        });

    [Fact]
    public void AGuestOfADriverIsWatchedToo()
    {
        Frame frame = _world.StorageOf(_world.DataFrame(group: 20));
        _world.OccupyAsGuest(frame);
        Assert.Null(_world.BrokenExpectation());

        _world.Machine.Hardware.Write(frame.Index, 17, [0]);

        Assert.Equal($"byte 17 of frame {frame} is 0x0, and 0x{RaceWorld.GuestBytes(1)[0]:x} was stored", _world.BrokenExpectation());
    }

    [Fact]
    public void AtTheEndNoLineIsDirty()
    {
        _process.Store(_at, 1);
        _process.StoreTag(Process.Tagged(_at, 5));
        Assert.True(_world.Machine.Hardware.DirtyLines > 0);

        Assert.Null(_world.BrokenExpectation());

        Assert.Equal(0, _world.Machine.Hardware.DirtyLines);
        Assert.Equal(5, _process.LoadTag(_at));
    }

    [Fact]
    public void LawsHoldInAWorldInWhichNothingWasLeftOut()
    {
        _process.StoreTag(Process.Tagged(_at, 5));

        Assert.All(["FRAME-1", "BUDDY-1", "TAG-1", "TAG-2", "TAG-3", "TAG-4", "TAG-5", "TAG-6", "TAG-7", "LRU-1", "PIN-1"],
            law => Assert.Null(_world.Violation(law)));
    }
}
