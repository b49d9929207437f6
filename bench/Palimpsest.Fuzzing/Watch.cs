using System.IO.MemoryMappedFiles;

namespace Palimpsest.Fuzzing;

/// <summary>
/// Keeps the input that is being read in a file, so that one which ends the process is known to the next one, and ends the
/// process itself where reading takes too long.
/// </summary>
internal sealed class Watch
{
    private const int LongestMilliseconds = 5000;

    private readonly MemoryMappedViewAccessor _kept;
    private readonly Action<byte[], string> _report;
    private byte[]? _input;
    private long _since;

    public Watch(string file, int longestInput, Action<byte[], string> report)
    {
        _report = report;
        _kept = MemoryMappedFile.CreateFromFile(file, FileMode.OpenOrCreate, null, longestInput + sizeof(int)).CreateViewAccessor();
        if (_kept.ReadInt32(0) is > 0 and int length)
        {
            byte[] last = new byte[length];
            _kept.ReadArray(sizeof(int), last, 0, length);
            report(last, "ended the process");
        }

        new Thread(Look) { IsBackground = true }.Start();
    }

    public void Begin(byte[] input)
    {
        _kept.WriteArray(sizeof(int), input, 0, input.Length);
        _kept.Write(0, input.Length);
        Volatile.Write(ref _since, Environment.TickCount64);
        Volatile.Write(ref _input, input);
    }

    public void End()
    {
        Volatile.Write(ref _input, null);
        _kept.Write(0, 0);
    }

    private void Look()
    {
        while (true)
        {
            Thread.Sleep(500);
            if (Volatile.Read(ref _input) is { } input && Environment.TickCount64 - Volatile.Read(ref _since) > LongestMilliseconds)
            {
                _report(input, $"took more than {LongestMilliseconds} ms");
                _kept.Write(0, 0);
                Environment.Exit(3);
            }
        }
    }
}
