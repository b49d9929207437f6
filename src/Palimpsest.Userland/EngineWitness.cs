using Palimpsest.A64;
using Palimpsest.Machine.Dram;

namespace Palimpsest.Userland;

/// <summary>Where two runs of a program, in two engines, were first seen to differ.</summary>
/// <param name="Thread">Id of the guest's thread.</param>
/// <param name="From">Where it began to execute.</param>
/// <param name="Encoding">The instruction there.</param>
/// <param name="Pc">Where it stopped.</param>
/// <param name="Instructions">Executed in between, or from there on in the other run.</param>
/// <param name="State">What its registers were, or that memory differs.</param>
public sealed record EngineDifference(int Thread, ulong From, uint Encoding, ulong Pc, long Instructions, string State);

/// <summary>
/// Notes what a program left each time that it stopped, then holds another run against it: registers, flags and counts at every
/// stop, all of DRAM now and then.
/// </summary>
public sealed class EngineWitness
{
    private const int StopsPerLook = 512;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly List<ulong> _noted = [];
    private bool _compares;

    /// <summary>Stops that were seen in the run that is going on, or was the last.</summary>
    public int Stops { get; private set; }

    /// <summary>The first difference that was found.</summary>
    public EngineDifference? Difference { get; private set; }

    /// <summary>The next run is compared with the last one.</summary>
    public void Compare() => (_compares, Stops) = (true, 0);

    /// <param name="from">Where it began.</param>
    /// <param name="done">Instructions that it executed.</param>
    internal void Note(GuestThread thread, ulong from, long done, Stop stop)
    {
        Cpu cpu = thread.Cpu;
        ulong sum = Mixed(Mixed((ulong)thread.Id, (ulong)stop.Reason), stop.Fault.Address);
        sum = Mixed(Mixed(Mixed(sum, cpu.Pc), cpu.Nzcv), (ulong)cpu.Retired);
        sum = Mixed(Mixed(Mixed(sum, cpu.FloatStatus), cpu.ThreadPointer), (ulong)thread.Task.Core.Registers.Rgsr);
        for (int register = 0; register < 32; register++)
        {
            sum = Mixed(Mixed(Mixed(sum, cpu.X(register)), cpu.V(register)[0]), cpu.V(register)[1]);
        }

        Hold(sum, thread, from, done, describes: true);
        if (Stops % StopsPerLook == 0)
        {
            Hold(SumOf(thread.Task.Core.Memory.Dram), thread, from, done, describes: false);
        }
    }

    private static string Describe(Cpu cpu) => $"NZCV {cpu.Nzcv >> 28:x}, retired {cpu.Retired}, "
        + string.Join(' ', Enumerable.Range(0, 32).Select(register => $"{(register == 31 ? "SP" : $"X{register}")}={cpu.X(register):x}"));

    private static ulong SumOf(DramPages dram)
    {
        ulong sum = 0;
        for (int frame = 0; frame < dram.Frames; frame++)
        {
            if (dram.IsTouched(frame))
            {
                HashCode code = default;
                code.AddBytes(dram.Peek(frame));
                sum = Mixed(Mixed(sum, (ulong)frame), (uint)code.ToHashCode());
            }
        }

        return sum;
    }

    private static ulong Mixed(ulong sum, ulong value)
    {
        sum = (sum ^ value) * Multiplier;
        return sum ^ sum >> 29;
    }

    private void Hold(ulong sum, GuestThread thread, ulong from, long done, bool describes)
    {
        int at = Stops++;
        if (!_compares)
        {
            _noted.Add(sum);
        }
        else if (Difference is null && (at >= _noted.Count || _noted[at] != sum))
        {
            Span<byte> word = stackalloc byte[sizeof(uint)];
            thread.Process.Memory.TryRead(from, word);
            Difference = new EngineDifference(
                thread.Id, from, BitConverter.ToUInt32(word), thread.Cpu.Pc, done, describes ? Describe(thread.Cpu) : "memory");
        }
    }
}
