using Palimpsest.Sweeps.Cells;

namespace Palimpsest.Nats;

/// <summary>Cuts the cells of a plan into orders, each of one recording: whoever has fetched and read it computes all of them.</summary>
internal static class OrderCuts
{
    /// <summary>Cells of an order: what a message of the server holds, whatever their settings are.</summary>
    public const int MostCells = 256;

    /// <summary>Orders of a sweep, so that a small one is shared by a few workers from the start.</summary>
    private const int LeastOrders = 16;

    /// <param name="open">Places of cells in the plan, in its order, in which the cells of a recording lie side by side.</param>
    /// <returns>Places again, as many orders as there are; a cell without a recording is one of its own.</returns>
    public static IEnumerable<IReadOnlyList<int>> Of(SweepPlan plan, IReadOnlyList<int> open)
    {
        int most = Math.Clamp(open.Count / LeastOrders, 1, MostCells);
        List<int> order = [];
        string? recording = null;
        foreach (int index in open)
        {
            string? next = plan[index].Setting.Recording?.Sha256;
            if (order.Count > 0 && (order.Count == most || next is null || next != recording))
            {
                yield return order;
                order = [];
            }

            recording = next;
            order.Add(index);
        }

        if (order.Count > 0)
        {
            yield return order;
        }
    }
}
