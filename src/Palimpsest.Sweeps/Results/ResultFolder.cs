using System.Text;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>
/// The results of a sweep in a folder, each cell once: files of many cells, and a journal of those that are in none yet. Whoever is killed
/// at any moment finds all cells that were committed.
/// </summary>
// Batches are cut from the plan, in its order, not from the order in which cells are done: the files are the same bytes, by the same
// names, however many computed them and however often they were killed. Used by one thread.
public sealed class ResultFolder : IDisposable
{
    /// <summary>Cells of a file.</summary>
    public const int UsualBatch = 4096;

    private readonly SweepPlan _plan;
    private readonly string _build;
    private readonly int _batchCells;
    private readonly FileStream _lock;
    private readonly Dictionary<CellKey, int> _indices = [];
    private readonly int[] _places;
    private readonly int[] _open;
    private readonly Dictionary<int, Dictionary<int, CellOutcome>> _batches = [];
    // Of other experiments, or another build: whoever goes on with those finds them.
    private readonly List<(CellKey Key, CellOutcome Outcome)> _foreign = [];
    private readonly SetAsideCells _setAside;
    private readonly Journal _journal;

    private ResultFolder(string path, SweepPlan plan, string build, int batchCells, FileStream locked)
    {
        (Path, _plan, _build, _batchCells, _lock) = (path, plan, build, batchCells, locked);
        for (int index = 0; index < plan.Count; index++)
        {
            _indices.TryAdd(plan.KeyOf(index, build), index);
        }

        bool[] isFiled = new bool[plan.Count];
        MarkFiled(isFiled);
        _setAside = SetAsideCells.Open(path, key => !_indices.TryGetValue(key, out int index) ? null : !isFiled[index]);
        _open = [.. Enumerable.Range(0, plan.Count).Where(index => !isFiled[index] && !_setAside.Has(plan.KeyOf(index, build)))];
        _places = new int[plan.Count];
        Array.Fill(_places, -1);
        foreach ((int place, int index) in _open.Index())
        {
            _places[index] = place;
        }

        Count = plan.Count - _open.Length;
        Failed = _setAside.Errors.Count;
        string journal = System.IO.Path.Combine(path, Journal.Name);
        foreach ((CellKey key, CellOutcome outcome) in Journal.Read(journal))
        {
            if (_indices.ContainsKey(key))
            {
                Remember(key, outcome);
            }
            else
            {
                _foreign.Add((key, outcome));
            }
        }

        _journal = Journal.Open(journal);
    }

    /// <summary>Of the folder.</summary>
    public string Path { get; }

    /// <summary>Cells of the plan that need nothing more: done, refused or set aside.</summary>
    public int Count { get; private set; }

    /// <summary>Of them, those that have no figures: what they were told cannot be.</summary>
    public int Refused { get; private set; }

    /// <summary>Of them, those that broke three times.</summary>
    public int Failed { get; private set; }

    /// <summary>Cells that were set aside, for the errors that they had.</summary>
    public IReadOnlyCollection<string> SetAside => _setAside.Errors;

    /// <summary>Files that were damaged and are kept under another name; their cells are computed again.</summary>
    public IReadOnlyList<string> Damaged { get; private set; } = [];

    /// <exception cref="InputException">Another sweep is at work in the folder, or it is none of a sweep and has files that a sweep would
    /// overwrite.</exception>
    /// <exception cref="IOException">The folder cannot be made, read or written.</exception>
    public static ResultFolder Open(string path, SweepPlan plan, ExperimentFile? file = null, string? build = null,
        int batchCells = UsualBatch)
    {
        Directory.CreateDirectory(path);
        bool isNew = !ResultFiles.IsFolder(path);
        FileStream locked = Lock(path);
        try
        {
            if (isNew && ResultFiles.OwnIn(path, file is null ? [] : file.Bytes) is { } own)
            {
                throw new InputException($"{own}: is there, and of no sweep; a sweep would overwrite it: move it, or give another folder "
                    + "with --out");
            }

            build ??= BuildIdentity.Current;
            SweepFacts facts = new(build, plan.Count);
            if (isNew)
            {
                // First of all: whoever is killed now leaves a folder that is known to be of a sweep.
                WriteWhole(System.IO.Path.Combine(path, SweepFacts.FileName), facts.ToBytes());
            }

            if (file is not null)
            {
                WriteWhole(System.IO.Path.Combine(path, ResultFiles.ExperimentName), file.Bytes);
            }

            WriteWhole(System.IO.Path.Combine(path, ResultFiles.PlanName), Encoding.ASCII.GetBytes(string.Concat(
                Enumerable.Range(0, plan.Count).Select(index => $"{plan.KeyOf(index, build)}\n"))));
            WriteWhole(System.IO.Path.Combine(path, PlanFile.Name), PlanFile.Of(plan).ToBytes());
            WriteWhole(System.IO.Path.Combine(path, SweepFacts.FileName), facts.ToBytes());
            return new ResultFolder(path, plan, build, batchCells, locked);
        }
        catch
        {
            locked.Dispose();
            throw;
        }
    }

    /// <summary>Is there nothing left to do for a cell?</summary>
    public bool Has(int index) => _places[index] < 0 || (_batches.TryGetValue(BatchOf(index), out var batch) && batch.ContainsKey(index));

    /// <summary>The place of a cell in the plan; null for a cell of another.</summary>
    public int? IndexOf(CellKey key) => _indices.TryGetValue(key, out int index) ? index : null;

    /// <summary>Keeps what a cell gave; nothing for one that is there already.</summary>
    /// <returns>False where it was there.</returns>
    /// <exception cref="IOException">It cannot be written: what was committed before is safe.</exception>
    public bool Commit(int index, CellOutcome outcome)
    {
        if (Has(index))
        {
            return false;
        }

        CellKey key = _plan.KeyOf(index, _build);
        _journal.Add(key, outcome);
        Remember(key, outcome);
        int batch = BatchOf(index);
        if (_batches[batch].Count == SizeOf(batch))
        {
            File(batch);
        }

        return true;
    }

    /// <summary>Puts what is done into files, those too that were done before a kill came between.</summary>
    public void Finish()
    {
        foreach (int batch in _batches.Keys.Order().Where(batch => _batches[batch].Count == SizeOf(batch)).ToArray())
        {
            File(batch);
        }
    }

    /// <summary>Writes out what is open and gives the folder free.</summary>
    public void Dispose()
    {
        _journal.Dispose();
        _lock.Dispose();
    }

    internal static void WriteWhole(string path, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(path + ".part", bytes);
        System.IO.File.Move(path + ".part", path, overwrite: true);
    }

    private int BatchOf(int index) => _places[index] / _batchCells;

    private int SizeOf(int batch) => Math.Min(_batchCells, _open.Length - (batch * _batchCells));

    private void Remember(CellKey key, CellOutcome outcome)
    {
        if (_indices.TryGetValue(key, out int index) && !Has(index))
        {
            int batch = BatchOf(index);
            if (!_batches.TryGetValue(batch, out Dictionary<int, CellOutcome>? cells))
            {
                _batches.Add(batch, cells = []);
            }

            cells.Add(index, outcome);
            Count++;
            Refused += outcome.Status == CellStatus.Refused ? 1 : 0;
            Failed += outcome.Status == CellStatus.Failed ? 1 : 0;
        }
    }

    private void File(int batch)
    {
        (int Index, CellOutcome Outcome)[] cells = [.. _batches[batch].OrderBy(cell => cell.Key).Select(cell => (cell.Key, cell.Value))];
        _setAside.Add(cells.Where(cell => cell.Outcome.Status == CellStatus.Failed)
            .Select(cell => (_plan.KeyOf(cell.Index, _build), cell.Outcome, CellCommand.Of(_plan[cell.Index]))));
        ResultRow[] rows = [.. cells.Where(cell => cell.Outcome.Status != CellStatus.Failed)
            .Select(cell => ResultRow.Of(_plan, cell.Index, _build, cell.Outcome))];
        if (rows.Length > 0)
        {
            BatchFile.Write(Path, rows);
        }

        _batches.Remove(batch);
        foreach ((int index, _) in cells)
        {
            _places[index] = -1;
        }

        _journal.Replace(_foreign.Concat(_batches.Values.SelectMany(open => open)
            .Select(cell => (_plan.KeyOf(cell.Key, _build), cell.Value))));
    }

    private void MarkFiled(bool[] isFiled)
    {
        List<string> damaged = [];
        foreach (string path in Directory.EnumerateFiles(Path, BatchFile.Pattern).Order(StringComparer.Ordinal))
        {
            IReadOnlyList<(CellKey Key, bool IsRefused)>? cells = BatchFile.IsWhole(path) ? BatchFile.TryCellsOf(path) : null;
            if (cells is null)
            {
                System.IO.File.Move(path, path + ".damaged", overwrite: true);
                damaged.Add(System.IO.Path.GetFileName(path));
                continue;
            }

            foreach ((CellKey key, bool isRefused) in cells)
            {
                if (_indices.TryGetValue(key, out int index) && !isFiled[index])
                {
                    isFiled[index] = true;
                    Refused += isRefused ? 1 : 0;
                }
            }
        }

        Damaged = damaged;
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, ResultFiles.LockName),
                FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsShared(exception))
        {
            throw new InputException($"{path}: another sweep is at work in this folder; wait for it, or give another with --out",
                exception);
        }
    }

    // By the runtime's number of it where that is Windows, and by the system's own elsewhere (EWOULDBLOCK of Linux, of macOS).
    private static bool IsShared(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
