namespace Palimpsest.Machine.Cores;

/// <summary>Who keeps something by virtual page that is stale when the TLB's entry is: what an engine has decoded.</summary>
public interface ITranslationListener
{
    /// <param name="page">Bits 55:0 of the address, divided by the page size.</param>
    void Forget(ulong page);

    /// <summary>All translations of the CPU are dropped.</summary>
    void ForgetAll();
}
