namespace Palimpsest.Userland.Files;

/// <summary>
/// A folder. One of the host is read when somebody looks into it; what the guest makes or changes there stays in the guest.
/// </summary>
/// <param name="host">Folder of the host that it shows; null for none.</param>
internal sealed class FolderNode(NodeFactory nodes, string? host = null) : Node(FolderType | 0x1ED)
{
    private readonly SortedDictionary<string, Node> _names = new(StringComparer.Ordinal);
    private bool _isRead = host is null;

    public IEnumerable<KeyValuePair<string, Node>> Names
    {
        get
        {
            ReadHost();
            return _names;
        }
    }

    public bool IsEmpty => !Names.Any();

    /// <summary>Whether a folder is this one, or lies somewhere below it.</summary>
    public bool Has(FolderNode other) => other == this || _names.Values.OfType<FolderNode>().Any(below => below.Has(other));

    public Node? Find(string name)
    {
        ReadHost();
        return _names.GetValueOrDefault(name);
    }

    public void Put(string name, Node node)
    {
        ReadHost();
        _names[name] = node;
    }

    public void Remove(string name)
    {
        ReadHost();
        _names.Remove(name);
    }

    private void ReadHost()
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        IEnumerable<FileSystemInfo> entries = new DirectoryInfo(host!).EnumerateFileSystemInfos();
        foreach (FileSystemInfo entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (nodes.OfHost(entry) is { } node)
            {
                _names.TryAdd(entry.Name, node);
            }
        }
    }
}
