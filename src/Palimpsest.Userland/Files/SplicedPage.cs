using Palimpsest.Kernel.Tasks;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Files;

/// <summary>A page of a process that a pipe holds on to: what is read out of the pipe is what the page holds then.</summary>
internal sealed class SplicedPage(KernelEntry kernel, PinnedPage pin, CpuId cpu)
{
    public void Read(int within, Span<byte> into) => kernel.Memory.Bytes.Read(pin.Frame.Index, within, into);

    public void Release() => kernel.Folios.Unpin(pin.Folio, cpu);
}
