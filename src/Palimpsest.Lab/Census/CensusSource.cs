using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>A kpageflags, and what lies beside it: in /proc itself, or in a folder with copies.</summary>
/// <param name="File">The kpageflags; plain, .zst or .gz.</param>
/// <param name="Folder">Where it lies, and processes where that is /proc.</param>
/// <param name="PageBytes">Of the machine.</param>
/// <param name="IsPageSizeAssumed">Nothing told it.</param>
/// <param name="Ram">Null where nothing tells.</param>
internal sealed record CensusSource(string File, string Folder, int PageBytes, bool IsPageSizeAssumed, RecordedRam? Ram)
{
    private static readonly string[] Names = ["kpageflags.zst", "kpageflags.gz", "kpageflags"];

    /// <param name="path">A folder, or the file itself.</param>
    /// <param name="pageBytes">As the user says; null where the files are to tell.</param>
    /// <exception cref="InputException">There is no kpageflags, or what is beside it cannot be read.</exception>
    public static CensusSource Find(string path, int? pageBytes)
    {
        if (path.Length == 0)
        {
            throw new UsageException("census: the path is empty; give a folder with a copy of /proc/kpageflags");
        }

        string file = FileOf(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            SnapshotFolder? snapshot = System.IO.File.Exists(Path.Combine(folder, "zoneinfo")) ? SnapshotFolder.Read(folder) : null;
            int? told = PageBytesOf(folder, snapshot);
            if (told is { } known && pageBytes is { } wanted && known != wanted)
            {
                throw new InputException($"--page-size {wanted >> 10}K: {folder} is of a machine with pages of {known >> 10}K; leave "
                    + "--page-size out");
            }

            PageGeometry geometry = PageGeometry.For(pageBytes ?? told ?? PageGeometry.Page4K.PageBytes);
            return new CensusSource(file, folder, geometry.PageBytes, pageBytes is null && told is null,
                RecordedRam.Read(folder, snapshot, geometry));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: what lies beside kpageflags cannot be read ({exception.Message.TrimEnd('.')}); check its "
                + "permissions", exception);
        }
    }

    private static string FileOf(string path)
    {
        if (System.IO.File.Exists(path))
        {
            return path;
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(path) && folder != CensusTrial.OwnMachine)
        {
            throw new MissingInputException(
                $"{path}: no such file or folder; give a folder with a copy of /proc/kpageflags, or the copy itself");
        }

        return Array.Find([.. Names.Select(name => Path.Combine(path, name))], System.IO.File.Exists)
            ?? throw new InputException(folder == CensusTrial.OwnMachine
                ? $"{path}: has no kpageflags: this is no Linux, a container hides it, or the kernel has no CONFIG_PROC_PAGE_MONITOR; give "
                    + "a folder with a copy of another machine's"
                : $"{path}: has no kpageflags, kpageflags.zst or kpageflags.gz; copy it there as root: cat /proc/kpageflags > "
                    + $"{Path.Combine(path, "kpageflags")}");
    }

    // The running kernel's is asked for. Elsewhere by what the allocator has of the frames that are there, in bytes and in pages: most of
    // it, never more. Zones say of how many they have the use, too, but not while memory is still unaccepted.
    private static int? PageBytesOf(string folder, SnapshotFolder? snapshot)
    {
        const double Least = 0.27;
        const double Most = 1.05;
        if (folder == CensusTrial.OwnMachine)
        {
            return Environment.SystemPageSize;
        }

        foreach (int page in new[] { 4096, 16384, 65536 })
        {
            if (snapshot is { ManagedBytes: { } bytes } && (double)bytes / snapshot.PresentFrames / page is > Least and <= Most)
            {
                return page;
            }
        }

        return snapshot?.PageSize?.Bytes
            ?? (snapshot?.FreeChunks is { } chunks ? PageGeometry.OfLargestOrder(chunks.Orders - 1)?.PageBytes : null);
    }
}
