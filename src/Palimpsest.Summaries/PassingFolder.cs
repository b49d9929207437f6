using System.Runtime.InteropServices;

namespace Palimpsest.Summaries;

/// <summary>A folder of its own for as long as somebody needs it; it goes too when the program is told to end.</summary>
internal sealed class PassingFolder : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;

    private PassingFolder(string path)
    {
        Path = path;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Delete()),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Delete())];
    }

    public string Path { get; }

    public static PassingFolder Make() => new(Directory.CreateTempSubdirectory("palimpsest-results-").FullName);

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        Delete();
    }

    private void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It went already, by a signal, or somebody else puts a file there: nothing depends on it.
        }
    }
}
