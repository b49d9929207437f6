using System.Buffers.Binary;

namespace Palimpsest.Traces.Records;

/// <summary>A field of a binary event record, as the event's format file describes it.</summary>
/// <param name="Offset">Bytes from the start of the record.</param>
/// <param name="Size">1, 2, 4 or 8 bytes; 0 for a field that the event does not have.</param>
internal readonly record struct RecordField(int Offset, int Size, bool IsSigned)
{
    public bool Exists => Size != 0;

    public int End => Offset + Size;

    /// <summary>The value, extended with its sign if it has one; 0 for a field that does not exist.</summary>
    public ulong Read(ReadOnlySpan<byte> record) => Size switch
    {
        4 => IsSigned
            ? (ulong)BinaryPrimitives.ReadInt32LittleEndian(record[Offset..])
            : BinaryPrimitives.ReadUInt32LittleEndian(record[Offset..]),
        8 => BinaryPrimitives.ReadUInt64LittleEndian(record[Offset..]),
        2 => IsSigned
            ? (ulong)BinaryPrimitives.ReadInt16LittleEndian(record[Offset..])
            : BinaryPrimitives.ReadUInt16LittleEndian(record[Offset..]),
        1 => IsSigned ? (ulong)(sbyte)record[Offset] : record[Offset],
        _ => 0,
    };
}
