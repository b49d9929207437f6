namespace Palimpsest.Userland.Files;

/// <summary>File descriptors of a process; threads share one, a fork copies it.</summary>
internal sealed class DescriptorTable
{
    public const int Most = 1024;

    private readonly SortedDictionary<int, (OpenFile File, bool ClosesOnExec)> _open = [];

    public IEnumerable<int> Numbers => _open.Keys;

    /// <exception cref="CallException">EBADF.</exception>
    public OpenFile this[int number] =>
        _open.TryGetValue(number, out (OpenFile File, bool _) entry) ? entry.File : throw new CallException(Errno.EBADF);

    public bool IsOpen(int number) => _open.ContainsKey(number);

    public bool ClosesOnExec(int number) => _open[number].ClosesOnExec;

    public void SetClosesOnExec(int number, bool closes) => _open[number] = (this[number], closes);

    /// <summary>The lowest free number from one on gets a file.</summary>
    /// <exception cref="CallException">EMFILE.</exception>
    public int Add(OpenFile file, bool closesOnExec, int from = 0)
    {
        int number = from;
        while (_open.ContainsKey(number))
        {
            number++;
        }

        return number < Most ? Set(number, file, closesOnExec) : throw new CallException(Errno.EMFILE);
    }

    public int Set(int number, OpenFile file, bool closesOnExec)
    {
        if (_open.ContainsKey(number))
        {
            Close(number);
        }

        file.Users++;
        _open[number] = (file, closesOnExec);
        return number;
    }

    /// <exception cref="CallException">EBADF.</exception>
    public void Close(int number)
    {
        OpenFile file = this[number];
        _open.Remove(number);
        if (--file.Users == 0)
        {
            file.Close();
        }
    }

    public void CloseAll(bool onExecOnly = false)
    {
        foreach (int number in _open.Where(entry => !onExecOnly || entry.Value.ClosesOnExec).Select(entry => entry.Key).ToArray())
        {
            Close(number);
        }
    }

    public DescriptorTable Copy()
    {
        DescriptorTable copy = new();
        foreach ((int number, (OpenFile file, bool closes)) in _open)
        {
            copy.Set(number, file, closes);
        }

        return copy;
    }
}
