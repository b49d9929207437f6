using System.IO.Compression;
using System.Text;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Tests;

/// <summary>Runs a program of Guests, whose source lies beside it, on a machine of its own.</summary>
internal sealed class Guest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public Guest(string program)
    {
        using FileStream packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Guests", $"{program}.gz"));
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        using FileStream file = File.Create(Path.Combine(Folder, program));
        stream.CopyTo(file);
    }

    /// <summary>Working folder, with the program in it.</summary>
    public string Folder => _folder.FullName;

    public GuestRun Run(string[] arguments, string design = "static", ulong ramMebibytes = 64, ulong seed = 1, long? limit = null,
        Func<GuestOptions, GuestOptions>? adjust = null)
    {
        MemoryBoard board = MemoryBoard.Flat(ramMebibytes << 20, PageGeometry.Page4K);
        LinuxMachine machine = new(board, DesignCatalog.Parse(design).Create(), new LinuxMachineOptions { SwapPages = 16384 });
        using MemoryStream output = new();
        GuestOptions options = new(arguments)
        {
            WorkingFolder = Folder, Output = output, Seed = seed, SliceInstructions = 5_000, MostInstructions = limit,
        };
        GuestOutcome outcome = new GuestSystem(machine, adjust?.Invoke(options) ?? options).Run();
        return new GuestRun(outcome, Encoding.UTF8.GetString(output.ToArray()), machine);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

internal sealed record GuestRun(GuestOutcome Outcome, string Output, LinuxMachine Machine);
