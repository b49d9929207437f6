using System.Text;
using Palimpsest.Sweeps.Cells;

namespace Palimpsest.Sweeps.Results;

/// <summary>Cells that broke three times, each with its error and the command that repeats it; they are tried no more.</summary>
internal sealed class SetAsideCells
{
    /// <summary>A line a cell: key, command and error, with tabs in between.</summary>
    public const string FileName = "set-aside.txt";

    private readonly string _path;
    private readonly Dictionary<CellKey, string> _lines;
    private readonly IReadOnlyList<string> _foreign;

    private SetAsideCells(string path, Dictionary<CellKey, string> lines, IReadOnlyList<string> foreign) =>
        (_path, _lines, _foreign) = (path, lines, foreign);

    public IReadOnlyCollection<string> Errors => _lines.Values;

    /// <summary>Keys of all that were set aside in a folder, of whatever plan.</summary>
    public static IEnumerable<CellKey> KeysIn(string folder)
    {
        string path = Path.Combine(folder, FileName);
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (CellKey.TryParse(line.AsSpan(0, Math.Max(0, line.IndexOf('\t'))), out CellKey key))
            {
                yield return key;
            }
        }
    }

    /// <param name="counts">Says of a cell of the plan whether it is still to be done; null for one of another, which is kept.</param>
    public static SetAsideCells Open(string folder, Func<CellKey, bool?> counts)
    {
        string path = Path.Combine(folder, FileName);
        Dictionary<CellKey, string> lines = [];
        List<string> foreign = [];
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            string[] parts = line.Split('\t', 2);
            if (parts.Length != 2 || !CellKey.TryParse(parts[0], out CellKey key))
            {
                continue;
            }

            if (counts(key) is not { } isOpen)
            {
                foreign.Add(line);
            }
            else if (isOpen)
            {
                lines[key] = parts[1];
            }
        }

        return new SetAsideCells(path, lines, foreign);
    }

    public bool Has(CellKey key) => _lines.ContainsKey(key);

    public void Add(IEnumerable<(CellKey Key, CellOutcome Outcome, string Command)> cells)
    {
        int before = _lines.Count;
        foreach ((CellKey key, CellOutcome outcome, string command) in cells)
        {
            _lines[key] = $"{command}\t{Vocabulary.OneLine.Of(outcome.Text ?? "")}";
        }

        if (_lines.Count > before)
        {
            ResultFolder.WriteWhole(_path, Encoding.UTF8.GetBytes(
                string.Concat(_foreign.Concat(_lines.Select(line => $"{line.Key}\t{line.Value}")).Select(line => line + "\n"))));
        }
    }
}
