namespace Palimpsest.Userland.Files;

/// <summary>
/// The files that a guest sees: a folder of the host as root, the working folder at its own path, and /dev, /proc and /tmp of its
/// own. Links are followed within it, so no path leads out.
/// </summary>
internal sealed class FileTree
{
    private const int MostLinks = 40;

    /// <param name="root">Folder of the host; null for none.</param>
    /// <param name="working">Absolute path of the working folder of the host.</param>
    public FileTree(NodeFactory nodes, string? root, string working)
    {
        Nodes = nodes;
        Root = nodes.Folder(root);
        Working = working;
        foreach (string name in (string[])["tmp", "dev", "proc"])
        {
            Root.Put(name, nodes.Folder());
        }

        FolderNode at = Root;
        string[] names = working.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < names.Length; index++)
        {
            FolderNode next = index == names.Length - 1 ? nodes.Folder(working)
                : at.Find(names[index]) as FolderNode ?? nodes.Folder();
            at.Put(names[index], next);
            at = next;
        }
    }

    public NodeFactory Nodes { get; }

    public FolderNode Root { get; }

    public string Working { get; }

    /// <summary>Whether a file is made in memory: below /tmp and /dev.</summary>
    public static bool IsMemory(string path) =>
        path.StartsWith("/tmp/", StringComparison.Ordinal) || path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>A program that the user names is there, wherever it lies on the host.</summary>
    public void AddProgram(string path)
    {
        if (Exists(path) || !File.Exists(path) || Nodes.OfHost(new FileInfo(path)) is not { } node)
        {
            return;
        }

        FolderNode at = Root;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names[..^1])
        {
            if (at.Find(name) is not FolderNode next)
            {
                at.Put(name, next = Nodes.Folder());
            }

            at = next;
        }

        at.Put(names[^1], node);
    }

    private bool Exists(string path)
    {
        try
        {
            return TryFind(path, followsLast: true, out _, out _) is not null;
        }
        catch (CallException)
        {
            return false;
        }
    }

    /// <exception cref="CallException">ENOENT, ENOTDIR, ELOOP.</exception>
    public Node Find(string path, bool followsLast = true) =>
        TryFind(path, followsLast, out _, out _) ?? throw new CallException(Errno.ENOENT);

    /// <summary>The node of an absolute path, or null where only its last name is missing.</summary>
    /// <param name="folder">The folder that the last name is in.</param>
    /// <exception cref="CallException">ENOENT, ENOTDIR, ELOOP.</exception>
    public Node? TryFind(string path, bool followsLast, out FolderNode folder, out string name)
    {
        int links = 0;
        List<FolderNode> above = [];
        Node at = Root;
        folder = Root;
        name = "";
        LinkedList<string> names = new(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        bool wantsFolder = path.EndsWith('/');
        while (names.First is { } first)
        {
            names.RemoveFirst();
            folder = at as FolderNode ?? throw new CallException(Errno.ENOTDIR);
            name = first.Value;
            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                at = above.Count > 0 ? above[^1] : Root;
                above.RemoveRange(Math.Max(0, above.Count - 1), Math.Min(1, above.Count));
                continue;
            }

            Node? next = folder.Find(name);
            if (next is null)
            {
                return names.Count == 0 ? null : throw new CallException(Errno.ENOENT);
            }

            if (next is LinkNode link && (names.Count > 0 || followsLast || wantsFolder))
            {
                if (++links > MostLinks)
                {
                    throw new CallException(Errno.ELOOP);
                }

                foreach (string part in link.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    names.AddFirst(part);
                }

                if (link.Target.StartsWith('/'))
                {
                    (at, above) = (Root, []);
                }

                continue;
            }

            above.Add(folder);
            at = next;
        }

        return wantsFolder && at is not FolderNode ? throw new CallException(Errno.ENOTDIR) : at;
    }
}
