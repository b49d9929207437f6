using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Kernel.Tasks;

/// <summary>What of a CPU belongs to a task while another one runs there (mte_thread_switch, arch/arm64/kernel/mte.c, 6.1).</summary>
internal struct TaskRegisters()
{
    // RGSR_EL1: start tag 0, and a seed, which must not be zero.
    private ulong _rgsr = 1 << 8;

    /// <summary>SCTLR_EL1.TCF0.</summary>
    public TagFaultMode Checks;

    /// <summary>Tags that IRG may choose.</summary>
    public ushort Included;

    /// <summary>PSTATE.TCO: checks are off for a while.</summary>
    public bool Tco;

    /// <summary>TIF_MTE_ASYNC_FAULT: TFSRE0_EL1 told of a mismatch, and the task has not been told yet.</summary>
    public bool HasAsyncFault;

    public readonly void Restore(MteRegisters cpu)
    {
        cpu.Rgsr = _rgsr;
        cpu.Tcf0 = Checks;
        cpu.Ata0 = true;
        cpu.Include = Included;
        cpu.Tco = Tco;
    }

    /// <param name="withFaults">TFSRE0_EL1 too.</param>
    public void Save(Core cpu, bool withFaults)
    {
        _rgsr = cpu.Registers.Rgsr;
        Tco = cpu.Registers.Tco;
        HasAsyncFault |= withFaults && cpu.TakeAsyncFault();
    }
}
