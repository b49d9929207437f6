using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palimpsest.Sweeps.Cells;

/// <summary>A cell that somebody else is to compute, as it is sent.</summary>
/// <param name="Key">Of the cell, which whoever computes it checks.</param>
/// <param name="Build">The program that may: another would give another cell's results.</param>
public sealed record CellOrder(string Key, string Build, Cell Cell)
{
    /// <summary>A cell with its key, for a worker of the same build.</summary>
    public static CellOrder Of(Cell cell) => new(cell.Key(BuildIdentity.Current).ToString(), BuildIdentity.Current, cell);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for what is damaged, or not of this program.</summary>
    public static CellOrder? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, CellOrderJson.Default.CellOrder) is { } order
                && order.Build == BuildIdentity.Current && order.Cell.Key(order.Build).ToString() == order.Key ? order : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>JSON, UTF-8, which <see cref="Parse"/> takes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CellOrderJson.Default.CellOrder);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CellOrder))]
internal sealed partial class CellOrderJson : JsonSerializerContext;
