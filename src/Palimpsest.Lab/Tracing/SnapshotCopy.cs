using System.ComponentModel;
using System.Diagnostics;
using ZstdSharp;

namespace Palimpsest.Lab.Tracing;

/// <summary>Copies the files of /proc that tell the state of memory into a folder that --snapshot takes.</summary>
internal static class SnapshotCopy
{
    private static readonly string[] Texts = ["zoneinfo", "pagetypeinfo", "vmstat", "buddyinfo", "iomem", "meminfo"];

    /// <param name="proc">Where procfs is mounted; what it lacks, or does not let be read, is left out.</param>
    public static void Take(string proc, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in Texts)
        {
            Copy(Path.Combine(proc, name), source => File.WriteAllBytes(Path.Combine(folder, name), ReadAll(source)));
        }

        Copy(Path.Combine(proc, "kpageflags"), source =>
        {
            using FileStream file = File.Create(Path.Combine(folder, "kpageflags.zst"));
            using CompressionStream packed = new(file, level: 1);
            source.CopyTo(packed, 1 << 20);
        });
    }

    /// <summary>Keeps what the kernel said, which alone tells where CMA areas lie; nothing where the command cannot be run.</summary>
    public static void TakeLog(string command, string file)
    {
        if (command.Length == 0)
        {
            return;
        }

        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command) { RedirectStandardOutput = true,
                RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string log = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0 && log.Length > 0)
            {
                File.WriteAllText(file, log);
            }
        }
        catch (Win32Exception)
        {
            // No such command here.
        }
    }

    private static byte[] ReadAll(Stream source)
    {
        using MemoryStream all = new();
        source.CopyTo(all);
        return all.ToArray();
    }

    private static void Copy(string from, Action<Stream> copy)
    {
        if (!File.Exists(from))
        {
            return;
        }

        try
        {
            using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            copy(source);
        }
        catch (UnauthorizedAccessException)
        {
            // A file for root alone; the others do without it.
        }
    }
}
