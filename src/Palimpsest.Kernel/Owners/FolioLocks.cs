using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>The lock bit of folios (PG_locked). While nobody controls the machine, the bit is all there is.</summary>
internal sealed class FolioLocks(FrameTable frames, KernelRuntime runtime)
{
    private readonly Dictionary<int, StepLock> _locks = [];

    public async ValueTask Lock(Frame folio)
    {
        if (runtime.Interleaving.Controller is not null)
        {
            await runtime.Take(LockOf(folio));
        }

        frames[folio].Set(FrameFlags.Locked);
    }

    public bool TryLock(Frame folio)
    {
        if (frames[folio].Has(FrameFlags.Locked))
        {
            return false;
        }

        if (runtime.Interleaving.Controller is not null && !LockOf(folio).TryTake(runtime.Interleaving.Current))
        {
            return false;
        }

        frames[folio].Set(FrameFlags.Locked);
        return true;
    }

    public void Unlock(Frame folio)
    {
        frames[folio].Clear(FrameFlags.Locked);
        if (_locks.TryGetValue(folio.Index, out StepLock? held) && held.IsHeld)
        {
            held.Release();
        }
    }

    private StepLock LockOf(Frame folio)
    {
        if (!_locks.TryGetValue(folio.Index, out StepLock? found))
        {
            found = new StepLock($"folio {folio}", KernelLocks.FolioRank, sleeps: true, nests: true);
            _locks.Add(folio.Index, found);
        }

        return found;
    }
}
