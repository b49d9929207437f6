namespace Palimpsest.Traces.Perfetto;

/// <summary>What events of the scheduler and of tasks say about the names of threads.</summary>
internal static class TaskEvent
{
    /// <summary>Notes in <paramref name="item"/> who is called what from then on, and in <paramref name="names"/> who was before.</summary>
    public static void Learn(uint number, ReadOnlySpan<byte> message, ThreadNames names, ref PendingEvent item)
    {
        // Fields of a thread and of its name, and of one whose name is older.
        (uint thread, uint comm, uint oldThread, uint oldComm) = number switch
        {
            KnownEvents.SchedSwitch => (6u, 5u, 2u, 1u),
            KnownEvents.SchedWakeup or KnownEvents.SchedWaking or KnownEvents.SchedWakeupNew or KnownEvents.ProcessExit => (2u, 1u, 0u, 0u),
            KnownEvents.TaskNewTask => (1u, 2u, 0u, 0u),
            KnownEvents.TaskRename => (1u, 3u, 1u, 2u),
            KnownEvents.ProcessFork => (4u, 3u, 2u, 1u),
            _ => (0u, 0u, 0u, 0u),
        };
        if (thread == 0)
        {
            return;
        }

        int old = -1;
        ReadOnlySpan<byte> oldName = default;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            item.Named = fields.Field == thread ? (int)fields.Number : item.Named;
            item.Comm = fields.Field == comm ? names.TextOf(fields.Bytes) : item.Comm;
            old = fields.Field == oldThread ? (int)fields.Number : old;
            oldName = fields.Field == oldComm ? fields.Bytes : oldName;
        }

        if (old > 0 && !oldName.IsEmpty)
        {
            names.List(old, names.TextOf(oldName));
        }
    }
}
