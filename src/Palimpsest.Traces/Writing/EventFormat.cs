using System.Globalization;
using System.Text;

namespace Palimpsest.Traces.Writing;

/// <summary>One field of an event that is written.</summary>
/// <param name="Declaration">As C declares it: "unsigned long pfn".</param>
/// <param name="Bytes">4 or 8; it lies at a multiple of that.</param>
public readonly record struct EventField(string Declaration, int Bytes, bool IsSigned);

/// <summary>An event as a trace.dat declares it: the same lines that events/SYSTEM/NAME/format of tracefs has.</summary>
/// <param name="Id">The number that stands in each event, common_type.</param>
/// <param name="Print">How trace-cmd prints it: a format of printf, and its arguments.</param>
public sealed record EventFormat(string System, string Name, ushort Id, IReadOnlyList<EventField> Fields, string Print)
{
    /// <summary>common_type, common_flags, common_preempt_count and common_pid.</summary>
    internal const int CommonBytes = 8;

    private const string CommonFields =
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        + "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
        + "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
        + "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";

    /// <summary>Bytes of an event, those of every event included.</summary>
    internal int Bytes => Fields.Aggregate(CommonBytes, (at, next) => OffsetAfter(at, next) + next.Bytes);

    internal byte[] Text()
    {
        StringBuilder text = new($"name: {Name}\nID: {Id}\nformat:\n{CommonFields}");
        int at = CommonBytes;
        foreach (EventField field in Fields)
        {
            at = OffsetAfter(at, field);
            text.Append(CultureInfo.InvariantCulture,
                $"\tfield:{field.Declaration};\toffset:{at};\tsize:{field.Bytes};\tsigned:{(field.IsSigned ? 1 : 0)};\n");
            at += field.Bytes;
        }

        return Encoding.ASCII.GetBytes(text.Append(CultureInfo.InvariantCulture, $"\nprint fmt: {Print}\n").ToString());
    }

    /// <summary>Where a field lies that follows what ends at an offset.</summary>
    internal static int OffsetAfter(int at, in EventField field) => (at + field.Bytes - 1) / field.Bytes * field.Bytes;
}
