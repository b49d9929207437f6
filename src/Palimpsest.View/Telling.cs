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
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _told.Add(message);
            (waiting, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }

    /// <summary>Who comes from now on is told this in place of what was told so far; who has heard that goes on with what follows.</summary>
    public void Replace(IReadOnlyList<byte[]> messages)
    {
        lock (_gate)
        {
            _told = [.. messages];
            _age++;
        }
    }

    /// <summary>What a page has not heard yet.</summary>
    /// <param name="heard">How far it is; moved on.</param>
    /// <returns>Messages, and what ends when there are more.</returns>
    public (IReadOnlyList<byte[]> Messages, Task More) After(ref (int Age, int Count)? heard)
    {
        lock (_gate)
        {
            // Between the last message and its replacement nothing is told: a page of an older age has heard all there was.
            int from = heard is not { } known ? 0 : known.Age == _age ? known.Count : _told.Count;
            byte[][] messages = [.. _told.Skip(from)];
            heard = (_age, _told.Count);
            return (messages, _more.Task);
        }
    }
}
