using System.Text;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Perfetto;

namespace Palimpsest.Reports.Tests.Perfetto;

/// <summary>What is written for Perfetto, read field by field: tracks, counters on the recording's clock, actors and locks.</summary>
public sealed class PerfettoTests
{
    [Fact]
    public void ADesignsTimeLineIsCountersOnTheClockOfTheRecording()
    {
        DesignResult design = MadeUp.Design with
        {
            TimeLine = [new TimePoint(0, 160, 80, 320, 5, 7, 1600), new TimePoint(1_000, 320, 0, 0, 0, 9, 0)],
        };
        ComparisonResult result = MadeUp.Comparison(design);
        IReadOnlyList<Packet> packets = Read(stream =>
            ComparisonPerfetto.Write(stream, result with { Recording = result.Recording with { StartNs = 5_000 } }));
        Dictionary<ulong, string> tracks = TracksOf(packets);

        Assert.Equal("made-up", tracks[1]);
        Packet[] given = [.. packets.Where(packet => packet.Event is { } at && tracks[at.Number(11)] == "made-up: given back"
            && at.Number(9) == 4)];
        Assert.Equal([(5_000UL, 90.0), (6_000UL, 80.0)], given.Select(packet => (packet.Number(8), packet.Event!.Double(44))));
        Assert.Contains(packets, packet => packet.Event is { } at && at.Number(9) == 3 && at.Text(23) == "least given back");
    }

    [Fact]
    public void ARaceIsATrackAnActorAndALock()
    {
        RunRow[] rows =
        [
            new(1, 0, "take a", "a", ["a"], null), new(2, 1, "wait", null, [], null, "heard"), new(3, 0, "write", null, ["a"], "state"),
            new(4, 1, "take a", "a", ["a"], null),
        ];
        ToldRun run = new("schedule 1 R7 seed 1: one", ["one", "two"], rows, 4, 1, "TAG-1", "TAG-1: broken");
        SearchOutcome search = new("walk", 1, false, null, 1, run, IsShortest: true);
        IReadOnlyList<Packet> packets = Read(stream =>
            RacePerfetto.Write(stream, [new RaceOutcome("R7", "title", "static", "", search, search, RaceVerdict.Holds)]));
        Dictionary<ulong, string> tracks = TracksOf(packets);

        Assert.Equal(["R7: title", "lock a", "one", "two"], tracks.Values.Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two"], Slices(packets, tracks, "lock a"));
        Assert.Equal(["take a", "write"], Slices(packets, tracks, "one"));
        Assert.Equal(["wait", "take a"], Slices(packets, tracks, "two"));
        Assert.Equal(["TAG-1 broken"], packets.Where(packet => packet.Event?.Number(9) == 3).Select(packet => packet.Event!.Text(23)));
        Assert.Equal(packets.Count(packet => packet.Event?.Number(9) == 1), packets.Count(packet => packet.Event?.Number(9) == 2));
    }

    private static IEnumerable<string> Slices(IReadOnlyList<Packet> packets, Dictionary<ulong, string> tracks, string track) =>
        packets.Where(packet => packet.Event is { } at && at.Number(9) == 1 && tracks[at.Number(11)] == track)
            .Select(packet => packet.Event!.Text(23));

    private static Dictionary<ulong, string> TracksOf(IReadOnlyList<Packet> packets) => packets
        .Select(packet => packet.Message(60)).OfType<Packet>().ToDictionary(track => track.Number(1), track => track.Text(2));

    private static IReadOnlyList<Packet> Read(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return [.. new Packet(stream.ToArray()).All(1)];
    }

    /// <summary>A message of protocol buffers, read as far as these tests need.</summary>
    private sealed class Packet
    {
        private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

        public Packet(byte[] bytes)
        {
            for (int at = 0; at < bytes.Length;)
            {
                ulong tag = Varint(bytes, ref at);
                ulong number = (tag & 7) switch { 1 => BitConverter.ToUInt64(bytes, at), _ => Varint(bytes, ref at) };
                int length = (tag & 7) switch { 1 => 8, 2 => (int)number, _ => 0 };
                _fields.Add(((int)(tag >> 3), number, bytes[at..(at + length)]));
                at += length;
            }
        }

        public Packet? Event => Message(11);

        public ulong Number(int field) => _fields.First(one => one.Field == field).Number;

        public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

        public string Text(int field) => Encoding.UTF8.GetString(_fields.First(one => one.Field == field).Bytes);

        public Packet? Message(int field) => All(field).FirstOrDefault();

        public IEnumerable<Packet> All(int field) => _fields.Where(one => one.Field == field).Select(one => new Packet(one.Bytes));

        private static ulong Varint(byte[] bytes, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
