using System.Text;

namespace Palimpsest.Testing.Recordings;

/// <summary>Writes a protobuf message, field by field.</summary>
public sealed class MessageWriter
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public MessageWriter Number(uint field, ulong value)
    {
        Varint(field << 3);
        Varint(value);
        return this;
    }

    public MessageWriter Bytes(uint field, byte[] value)
    {
        Varint((field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public MessageWriter Text(uint field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public MessageWriter Message(uint field, Action<MessageWriter> write)
    {
        var inner = new MessageWriter();
        write(inner);
        return Bytes(field, inner.ToArray());
    }

    public MessageWriter Packed(uint field, params ulong[] values) => Message(field, message =>
    {
        foreach (ulong value in values)
        {
            message.Varint(value);
        }
    });

    private void Varint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
