using System.Net.WebSockets;

namespace Palimpsest.View;

/// <summary>One page that looks on: hears all that is told, and asks.</summary>
internal sealed class Onlooker(WebSocket socket, Telling telling, Func<ReadOnlyMemory<byte>, byte[]?> answer) : IDisposable
{
    private const int LongestQuestion = 4096;

    private readonly SemaphoreSlim _sending = new(1);

    public void Dispose() => _sending.Dispose();

    /// <summary>Until the page goes, or the server ends.</summary>
    public async Task Run(CancellationToken ending)
    {
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(ending);
        Task telling = Tell(gone.Token);
        try
        {
            await Listen(gone.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The page has gone without a word, or the program ends.
        }

        await gone.CancelAsync();
        await telling;
        await Close();
    }

    private async Task Tell(CancellationToken gone)
    {
        try
        {
            (int Age, int Count)? heard = null;
            while (true)
            {
                (IReadOnlyList<byte[]> messages, Task more) = telling.After(ref heard);
                foreach (byte[] message in messages)
                {
                    await Send(message, gone);
                }

                await more.WaitAsync(gone);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // As above.
        }
    }

    private async Task Listen(CancellationToken gone)
    {
        byte[] buffer = new byte[LongestQuestion];
        while (socket.State == WebSocketState.Open)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), gone);
            if (received.MessageType == WebSocketMessageType.Close || !received.EndOfMessage)
            {
                return;
            }

            if (await Task.Run(() => answer(buffer.AsMemory(0, received.Count)), gone) is { } message)
            {
                await Send(message, gone);
            }
        }
    }

    private async Task Send(byte[] message, CancellationToken gone)
    {
        await _sending.WaitAsync(gone);
        try
        {
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, gone);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task Close()
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using CancellationTokenSource soon = new(TimeSpan.FromSeconds(1));
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, soon.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // Gone already.
        }
    }
}
