using Palimpsest.Sweeps.Cells;

namespace Palimpsest.Sweeps.Tests;

/// <summary>What is read once for all cells: within its bound, by one thread, and again where it could not be read.</summary>
public sealed class LoadedInputsTests
{
    private int _reads;

    [Fact]
    public void ARecordingIsReadOnceAndKeptWithinItsBound()
    {
        LoadedInputs<string> loaded = new(mostBytes: 10, text => text.Length);

        Get(loaded, "four");
        Get(loaded, "four");
        Get(loaded, "five5");
        Get(loaded, "four");
        Assert.Equal(2, _reads);
        Get(loaded, "three");
        Get(loaded, "four");
        Assert.Equal(3, _reads);
        Get(loaded, "five5");
        Assert.Equal(4, _reads);
    }

    [Fact]
    public void OneThatIsLargerThanTheBoundStaysWhileItIsUsed()
    {
        LoadedInputs<string> loaded = new(mostBytes: 3, text => text.Length);

        Get(loaded, "large");
        Get(loaded, "large");
        Assert.Equal(1, _reads);
        Get(loaded, "a");
        Get(loaded, "large");
        Assert.Equal(3, _reads);
    }

    [Fact]
    public void ThreadsThatWantTheSameWaitForOneOfThem()
    {
        LoadedInputs<string> loaded = new(mostBytes: 100, text => text.Length);
        using Barrier together = new(4);
        string[] read = new string[4];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            together.SignalAndWait();
            read[number] = loaded.Get("same", () =>
            {
                Thread.Sleep(20);
                return $"read {Interlocked.Increment(ref _reads)}";
            });
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(["read 1", "read 1", "read 1", "read 1"], read);
    }

    /// <summary>A server that was away is there again: the cell that comes next has its recording.</summary>
    [Fact]
    public void WhatCouldNotBeReadIsReadAgain()
    {
        LoadedInputs<string> loaded = new(mostBytes: 100, text => text.Length);

        Assert.Throws<IOException>(() => loaded.Get("a", () => throw new IOException("away")));
        Assert.Equal("a", Get(loaded, "a"));
        Assert.Equal("a", Get(loaded, "a"));
        Assert.Equal(1, _reads);
    }

    private string Get(LoadedInputs<string> loaded, string key) => loaded.Get(key, () =>
    {
        _reads++;
        return key;
    });
}
