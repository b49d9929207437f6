using System.Runtime.CompilerServices;

namespace Palimpsest.A64.Compilation;

/// <summary>Where the parts of a CPU's state lie, from its first flag on: compiled code keeps one reference to all of it.</summary>
internal static unsafe class StateOffsets
{
    public static readonly int Origin;
    public static readonly int FlagLeft;
    public static readonly int FlagRight;
    public static readonly int General;
    public static readonly int Vectors;
    public static readonly int Left;
    public static readonly int Refund;
    public static readonly int PageAddress;
    public static readonly int PageCode;
    public static readonly int ShortWays;
    public static readonly int ThreadPointer;

    static StateOffsets()
    {
        Cpu cpu = new();
        ref ulong start = ref cpu.Negative;
        FlagLeft = Distance(ref start, ref cpu.FlagLeft);
        FlagRight = Distance(ref start, ref cpu.FlagRight);
        Origin = Distance(ref start, ref cpu.Origin);
        General = Distance(ref start, ref cpu.X(0));
        Vectors = Distance(ref start, ref cpu.V(0));
        Left = Distance(ref start, ref cpu.Left);
        Refund = Distance(ref start, ref cpu.Refund);
        PageAddress = Distance(ref start, ref cpu.PageAddress);
        ThreadPointer = Distance(ref start, ref cpu.ThreadPointer);
        fixed (ulong* first = &start)
        {
            fixed (Instruction** code = &cpu.PageCode)
            {
                PageCode = (int)((byte*)code - (byte*)first);
            }

            fixed (Machine.Cores.ShortWay** ways = &cpu.ShortWays)
            {
                ShortWays = (int)((byte*)ways - (byte*)first);
            }
        }
    }

    private static int Distance<T>(ref ulong start, ref T part) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<ulong, byte>(ref start), ref Unsafe.As<T, byte>(ref part));
}
