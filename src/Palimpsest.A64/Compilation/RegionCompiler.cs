using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Compilation;

/// <summary>Makes a handler of hot instructions, in the intermediate language of .NET, which compiles it for the host.</summary>
internal sealed unsafe class RegionCompiler(Core core, JumpCache jumps)
{
    /// <summary>Whether code can be compiled while the program runs: not in a native program.</summary>
    public static bool IsSupported => RuntimeFeature.IsDynamicCodeSupported && RuntimeFeature.IsDynamicCodeCompiled;

    public void Compile(CodePage page, int head, CompilerCounters counters)
    {
        if (page.HasEntry(head))
        {
            return;
        }

        RegionPlan plan = new(page.Encodings, head, page.HasEntry);
        if (plan.Blocks.Count == 0)
        {
            return;
        }

        foreach (Block block in plan.Blocks)
        {
            for (int index = block.First; index < block.End; index++)
            {
                DecodeAt(page, index);
            }
        }

        DynamicMethod method = new("region", typeof(nint), [typeof(Cpu), typeof(nint)], typeof(Cpu), skipVisibility: true);
        RegionWriter writer = new(method.GetILGenerator(), plan, page, core, jumps);
        writer.Write();
        page.Keep(method);
        RuntimeMethodHandle handle = HandleOf(method);
        RuntimeHelpers.PrepareMethod(handle);
        Handler region = (Handler)handle.GetFunctionPointer();
        int number = 0;
        foreach (int entry in plan.Entries)
        {
            if (!page.HasEntry(entry))
            {
                page.Enter(entry, number, region);
            }

            number++;
        }

        counters.Regions++;
        counters.Instructions += plan.Instructions;
        counters.Interpreted += writer.Interpreted;
    }

    /// <summary>A region calls the handlers of what it leaves to the interpreter.</summary>
    private static void DecodeAt(CodePage page, int index)
    {
        if (!page.HasEntry(index))
        {
            page.Code[index] = Decoder.Decode(page.Encodings[index], index);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetMethodDescriptor")]
    private static extern RuntimeMethodHandle HandleOf(DynamicMethod method);
}
