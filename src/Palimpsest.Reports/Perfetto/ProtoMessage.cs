using System.Text;

namespace Palimpsest.Reports.Perfetto;

/// <summary>A message of protocol buffers, written field by field.</summary>
internal sealed class ProtoMessage
{
    private const int VarintType = 0;
    private const int FixedType = 1;
    private const int BytesType = 2;

    private readonly MemoryStream _bytes = new();

    public void WriteTo(Stream stream) => _bytes.WriteTo(stream);

    public ProtoMessage Number(int field, ulong value)
    {
        Varint(((ulong)field << 3) | VarintType);
        Varint(value);
        return this;
    }

    public ProtoMessage Double(int field, double value)
    {
        Varint(((ulong)field << 3) | FixedType);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage inner) => Bytes(field, inner._bytes.ToArray());

    private ProtoMessage Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | BytesType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
