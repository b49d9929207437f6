using NATS.Client.ObjectStore;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Nats;

/// <summary>Brings inputs to the object store of the server, each once, by their hashes.</summary>
internal static class InputStore
{
    public static async Task Send(INatsObjStore store, LocalInputs inputs, CancellationToken cancellation)
    {
        foreach (CellInput input in inputs.All)
        {
            inputs.Verify(input);
            foreach (InputPart part in input.Parts)
            {
                if (!await Has(store, part, cancellation))
                {
                    using FileStream file = File.OpenRead(inputs.PathOf(input, part));
                    await store.PutAsync(part.Sha256, file, leaveOpen: true, cancellation);
                }
            }
        }
    }

    private static async Task<bool> Has(INatsObjStore store, InputPart part, CancellationToken cancellation)
    {
        try
        {
            return (await store.GetInfoAsync(part.Sha256, showDeleted: false, cancellation)).Size == (ulong)part.Bytes;
        }
        catch (NatsObjNotFoundException)
        {
            return false;
        }
    }
}
