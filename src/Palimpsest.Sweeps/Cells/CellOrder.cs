using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palimpsest.Sweeps.Cells;

/// <summary>Cells that somebody else is to compute, as they are sent: those of one recording, so that it goes to few.</summary>
/// <param name="Build">The program that may: another would give another cell's results.</param>
/// <param name="Check">A hash of the keys of its cells, which whoever computes them checks.</param>
/// <param name="Tries">Workers that were lost with these cells, or that they broke.</param>
/// <param name="Settings">What the cells are told, each once.</param>
public sealed record CellOrder(string Build, string Check, int Tries, IReadOnlyList<CellSetting> Settings,
    IReadOnlyList<OrderedCell> Ordered)
{
    private const int CheckDigits = 32;

    /// <summary>The cells, in the order of the plan.</summary>
    public IReadOnlyList<Cell> Cells { get; } = [.. Ordered.Where(cell => cell.Setting >= 0 && cell.Setting < Settings.Count)
        .Select(cell => new Cell(Settings[cell.Setting], cell.Design, cell.Seed))];

    /// <summary>Cells with a hash of their keys, for workers of the same build.</summary>
    /// <param name="cells">One at least.</param>
    public static CellOrder Of(IReadOnlyList<Cell> cells, int tries = 0)
    {
        List<CellSetting> settings = [];
        Dictionary<string, int> places = [];
        List<OrderedCell> ordered = [];
        foreach (Cell cell in cells)
        {
            if (!places.TryGetValue(cell.Setting.Text, out int place))
            {
                place = settings.Count;
                places.Add(cell.Setting.Text, place);
                settings.Add(cell.Setting);
            }

            ordered.Add(new OrderedCell(place, cell.Design, cell.Seed));
        }

        return new CellOrder(BuildIdentity.Current, CheckOf(cells), tries, settings, ordered);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for what is damaged, or not of this program.</summary>
    public static CellOrder? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, CellOrderJson.Default.CellOrder) is { Settings: not null, Ordered.Count: > 0 } order
                && order.Build == BuildIdentity.Current && order.Check == CheckOf(order.Cells) ? order : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentNullException or NullReferenceException)
        {
            return null;
        }
    }

    /// <summary>JSON, UTF-8, which <see cref="Parse"/> takes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CellOrderJson.Default.CellOrder);

    private static string CheckOf(IReadOnlyList<Cell> cells) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Join(' ', cells.Select(cell => cell.Key(BuildIdentity.Current))))))[..CheckDigits];
}

/// <summary>A cell of an order.</summary>
/// <param name="Setting">Its place in the settings of the order.</param>
public sealed record OrderedCell(int Setting, string Design, ulong Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CellOrder))]
internal sealed partial class CellOrderJson : JsonSerializerContext;
