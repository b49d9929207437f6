namespace Palimpsest.Userland.Files;

/// <summary>Paths as system calls take them: relative to the current folder, or to an open one.</summary>
internal static class GuestPath
{
    /// <summary>AT_FDCWD.</summary>
    public const int Here = -100;

    private const int LongestPath = 4096;

    /// <summary>The absolute path that a string in memory names.</summary>
    /// <exception cref="CallException">EFAULT, ENOENT for none, ENAMETOOLONG, EBADF.</exception>
    public static string Of(GuestThread thread, int folder, ulong address)
    {
        string path = thread.Process.Memory.ReadString(address);
        if (path.Length >= LongestPath)
        {
            throw new CallException(Errno.ENAMETOOLONG);
        }

        return path.Length == 0 ? throw new CallException(Errno.ENOENT)
            : path[0] == '/' ? path
            : folder == Here ? Join(thread.Process.Folder, path)
            : Join(thread.Process.Files[folder].Path, path);
    }

    private static string Join(string folder, string path) => folder.EndsWith('/') ? folder + path : $"{folder}/{path}";

    /// <summary>Without . and .. and double slashes.</summary>
    public static string Normal(string path)
    {
        Stack<string> names = new();
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                names.TryPop(out _);
            }
            else if (name != ".")
            {
                names.Push(name);
            }
        }

        return "/" + string.Join('/', names.Reverse());
    }
}
