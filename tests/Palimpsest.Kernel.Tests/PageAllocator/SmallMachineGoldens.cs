using System.Globalization;
using System.Text;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>
/// What a machine of 320 frames does with a fixed script, to the last place on the last list: the order of chunks is
/// behaviour, because it decides which page is next.
/// </summary>
public sealed class SmallMachineGoldens
{
    private const int LinesBetweenPictures = 4;

    // a: allocate TYPE ORDER NAME [CPU]; t: the same, tagged; f: free NAME [CPU]; s: split; g: tag in use; p: pin;
    // r: take range START COUNT; b: give it back; d: drain.
    private const string Script = """
        a M 0 m1
        a M 0 m2
        a U 0 u1
        a R 0 r1
        a U 2 u2
        a M 4 m3
        a M 3 m4 1
        t M 0 t1
        t M 0 t2
        t M 2 t3 1
        f m1
        f m2 1
        a M 0 m5
        a M 0 m6 1
        r 100 9
        r 104 2
        s m4
        f m4.1 1
        f m4.3
        f m4.5
        f m4.7 1
        p m4.0
        r 48 4
        g m5
        g m3
        f t1
        f t2
        d
        a U 1 u3 1
        a U 3 u4 1
        a A 2 x1
        a A 1 x2
        f u2
        f u4 1
        b 100 9
        f t3
        a M 7 m7
        a M 6 m8
        a M 5 m9
        a M 4 m10
        a M 3 m11
        a M 2 m12
        a M 1 m13
        a M 0 m14
        r 180 2
        r 256 4
        a R 2 r2
        a R 1 r3
        t M 1 t4
        a A 0 x3
        f m9
        t M 5 t5
        f r1
        f r2
        f m7
        a U 4 u5
        f x1
        f x2
        f m3
        f m8 1
        f t5
        d
        f u1
        f m10
        d
        """;

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _frames = [];
    private readonly Dictionary<int, string> _names = [];
    private readonly MemorySystem _system;

    public SmallMachineGoldens()
    {
        MemoryLayout layout = TestBoards.OneBank(new PageGeometry(4096, 4), 0x4000_0000, 1280 << 10, 4096);
        _system = new MemorySystem(layout, new PlainDesign(new OwnMigrateType(StorageUse.AfterCma)), new MachineOptions(2),
            new Names(this));
    }

    [Fact]
    public void TheScriptLeavesTheListsAsRecorded()
    {
        Picture();
        int line = 0;
        foreach (string step in Script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _text.Append(step).Append(" -> ").AppendLine(Do(step.Split(' ')));
            if (++line % LinesBetweenPictures == 0)
            {
                Picture();
            }

            Assert.Empty(_system.Audit());
        }

        Picture();
        Golden.Matches("small-machine.txt", _text.ToString());
    }

    private string Do(string[] words)
    {
        CpuId cpu = words.Length == (words[0] is "a" or "t" ? 5 : 3) && words[0] is not ("r" or "b")
            ? new CpuId(Number(words[^1]))
            : CpuId.Boot;
        switch (words[0])
        {
            case "a" or "t":
                return Allocate(words, cpu);
            case "f" when _frames[words[1]] < 0:
                return "has nothing";
            case "f":
                _system.Free(new Frame(_frames[words[1]]), cpu);
                _frames.Remove(words[1]);
                return "freed";
            case "s":
                return Split(words[1]);
            case "g":
                return (_system.TryTag(new Frame(_frames[words[1]]), cpu) ? "tagged at " : "untagged at ") + Text(_frames[words[1]]);
            case "p":
                _system.Pin(new Frame(_frames[words[1]]));
                return "pinned";
            case "r":
                return _system.AllocateRange(new Frame(Number(words[1])), Number(words[2]), cpu).ToString();
            case "b":
                _system.FreeRange(new Frame(Number(words[1])), Number(words[2]), cpu);
                return "given back";
            default:
                _system.DrainAll();
                return "drained";
        }
    }

    private string Allocate(string[] words, CpuId cpu)
    {
        GfpFlags gfp = words[1] switch
        {
            "M" => GfpFlags.HighUserMovable,
            "R" => GfpFlags.KernelDefault | GfpFlags.Reclaimable,
            "A" => GfpFlags.AtomicDefault,
            _ => GfpFlags.KernelDefault,
        };
        int order = Number(words[2]);
        int owner = _names.Count * 64;
        _names[owner] = words[3];
        AllocationResult result = _system.Allocate(new AllocationRequest(gfp, new Order(order), cpu, words[0] == "t", owner));
        _frames[words[3]] = result.Frame.Index;
        return $"{Text(result.Frame.Index)} {result.Outcome}";
    }

    private string Split(string name)
    {
        Frame frame = new(_frames[name]);
        int parts = 1 << _system.Frames[frame].Order;
        int owner = _system.Frames[frame].Owner;
        _system.Frames.Split(frame, owner);
        for (int part = 0; part < parts; part++)
        {
            _frames[$"{name}.{part}"] = (frame + part).Index;
            _names[owner + part] = $"{name}.{part}";
        }

        return $"{parts} parts";
    }

    private void Picture()
    {
        Zone zone = _system.Zones[0];
        _text.AppendLine(CultureInfo.InvariantCulture, $"  free {zone.FreeFrames} storage {zone.FreeStorageFrames} tagged "
            + $"{_system.TaggedFrames} reserved {_system.Blocks.ReservedFrames} lent {_system.LentFramesInUse}");
        foreach (MigrateType type in Enum.GetValues<MigrateType>())
        {
            List<string> orders = [];
            for (int order = 0; order <= Order.Max; order++)
            {
                string chunks = Chunks(zone.List(StorageSets.Data, order, type));
                if (chunks.Length > 0)
                {
                    orders.Add($"{Text(order)}: {chunks}");
                }
            }

            if (orders.Count > 0)
            {
                _text.AppendLine(CultureInfo.InvariantCulture, $"  {type,-11} {string.Join(" | ", orders)}");
            }
        }

        for (CpuId cpu = CpuId.Boot; cpu.Index < zone.PerCpu.Length; cpu++)
        {
            PerCpuPages pages = zone.PerCpu[cpu.Index];
            string lists = string.Join(" | ", Enumerable.Range(0, PerCpuPages.Lists).Select(list => Chunks(pages.ListOf(list)))
                .Where(text => text.Length > 0));
            string shown = lists.Length > 0 ? $" [{lists}]" : "";
            _text.AppendLine($"  CPU {Text(cpu.Index)}: {Text(pages.State.Count)} of {Text(pages.State.High)}{shown}");
        }
    }

    private string Chunks(int list)
    {
        FrameTable frames = _system.Frames;
        List<string> chunks = [];
        Frame head = frames.ListHead(list);
        for (Frame frame = frames.First(head); frame != head; frame = frames.After(frame))
        {
            chunks.Add(Text(frame.Index));
        }

        return string.Join(' ', chunks);
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Names(SmallMachineGoldens golden) : Migration.IOwnerMap
    {
        public void Moved(int owner, Frame frame, Order order)
        {
            string name = golden._names[owner];
            golden._text.AppendLine($"    {name} moves from {Text(golden._frames[name])} to {Text(frame.Index)}");
            golden._frames[name] = frame.Index;
        }
    }
}
