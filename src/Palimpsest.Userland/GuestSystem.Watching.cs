using Palimpsest.Userland.Calls;

namespace Palimpsest.Userland;

/// <summary>Accesses that wait for a userfaultfd.</summary>
public sealed partial class GuestSystem
{
    /// <summary>Where the last fault waits, its thread does, and makes its access again.</summary>
    internal static void WaitAtFault(GuestThread thread)
    {
        if (thread.Process.Memory.LastWait is { } wait)
        {
            thread.Process.Memory.LastWait = null;
            CallTable.Wait(thread, () => wait.IsWoken);
        }
    }
}
