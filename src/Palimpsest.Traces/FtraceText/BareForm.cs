namespace Palimpsest.Traces.FtraceText;

/// <summary>Lines with trace option nocontext-info: nothing but <c>EVENT</c>.</summary>
internal sealed class BareForm(TaskTable tasks)
{
    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || !line[colon..].StartsWith(": "u8) || !EventName.IsName(line[..colon]))
        {
            return false;
        }

        found = new LineHead { EventEnd = line.Length, Task = tasks.IndexOf(-1, "<unknown>"u8) };
        return true;
    }
}
