namespace Palimpsest.View;

/// <summary>Messages for all pages that look on: one that opens late is told what the others have heard.</summary>
internal sealed class Telling
{
    private readonly Lock _gate = new();
    private List<byte[]> _told = [];
    private int _age;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells everybody.</summary>
    public void Tell(byte[] message)
    {
        lock (_gate)
        {
            _told.Add(message);
            Wake();
        }
    }

    /// <summary>Tells what sums up all that was told, in its place: who has heard the first message, which stays, hears the rest.</summary>
    public void SumUp(IReadOnlyList<byte[]> messages)
    {
        lock (_gate)
        {
            _told = [.. messages];
            _age++;
            Wake();
        }
    }

    /// <summary>What a page has not heard yet.</summary>
    /// <param name="heard">How far it is; moved on.</param>
    /// <returns>Messages, and what ends when there are more.</returns>
    public (IReadOnlyList<byte[]> Messages, Task More) After(ref (int Age, int Count)? heard)
    {
        lock (_gate)
        {
            int from = heard is not { } known ? 0 : known.Age == _age ? known.Count : Math.Min(known.Count, 1);
            byte[][] messages = [.. _told.Skip(from)];
            heard = (_age, _told.Count);
            return (messages, _more.Task);
        }
    }

    // Who waits goes on elsewhere, so that nobody runs under the lock.
    private void Wake()
    {
        TaskCompletionSource waiting = _more;
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.SetResult();
    }
}
