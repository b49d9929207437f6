using System.Buffers.Binary;
using Palimpsest.Kernel;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Programs;

/// <summary>
/// Plays a random program on a machine and on plain arrays side by side: every byte and every tag read must be the one
/// last written (DATA-1, DATA-2), and all laws must hold whenever they are audited.
/// </summary>
public sealed class ProgramRun
{
    private const int MostProcesses = 5;
    private const int StepsBetweenAudits = 1000;

    private readonly LinuxMachine _machine;
    private readonly List<(Process Real, PlainProcess Plain)> _processes = [];
    private readonly List<(Process Owner, PinnedPage Page)> _pins = [];
    private readonly int _pageBytes;
    private readonly int _pageShift;
    private readonly MappingActs _mappings;
    private int _stepsDone;

    public ProgramRun(MemoryLayout layout, Design design, LinuxMachineOptions options)
    {
        _machine = new LinuxMachine(layout.Board, design, options with { Geometry = layout.Geometry });
        _pageBytes = layout.Geometry.PageBytes;
        _pageShift = layout.Geometry.PageShift;

        // All processes together want more than there is.
        _mappings = new MappingActs(_machine, _pageShift, mostPages: layout.Frames / (MostProcesses - 1));
    }

    public LinuxMachine Machine => _machine;

    /// <summary>Accesses that ended with a signal which the state of the machine excuses: no memory, or pinned storage.</summary>
    public int Excused { get; private set; }

    public void Play(IEnumerable<ProgramStep> program)
    {
        foreach (ProgramStep step in program)
        {
            Do(step);
            if (++_stepsDone % StepsBetweenAudits == 0)
            {
                Audit();
            }
        }

        Audit();
    }

    private void Audit()
    {
        IReadOnlyList<LawViolation> broken = _machine.Audit();
        if (broken.Count > 0)
        {
            throw new InvalidOperationException($"after step {_stepsDone}: {string.Join("; ", broken.Take(5))}");
        }
    }

    private void Do(ProgramStep step)
    {
        if (step.Act == ProgramAct.WriteBackLine)
        {
            WriteBackLine(step);
            return;
        }

        if (step.Act == ProgramAct.Reclaim)
        {
            _machine.Reclaim((int)(step.What % 64));
            return;
        }

        (Process real, PlainProcess plain) = Pick(step.Who);
        try
        {
            Do(step, real, plain);
        }
        catch (InputException) when (step.Act == ProgramAct.Pin)
        {
            // Somebody holds it already, where it must not be held for long.
            Excused++;
        }
        catch (SignalException signal) when (signal.Signal.Code is SignalCode.OutOfMemory or SignalCode.EndlessFault)
        {
            Excused++;
            if (signal.Signal.Code == SignalCode.OutOfMemory)
            {
                End(real);
            }
        }
    }

    private void WriteBackLine(ProgramStep step)
    {
        int lines = _machine.Hardware.DirtyLines;
        if (lines == 0)
        {
            return;
        }

        int line = (int)(step.Where % (uint)lines);
        if (step.What % 2 == 0)
        {
            _machine.Hardware.WriteBack(line);
        }
        else
        {
            _machine.Hardware.Evict(line);
        }
    }

    private void Do(ProgramStep step, Process real, PlainProcess plain)
    {
        switch (step.Act)
        {
            case ProgramAct.Map or ProgramAct.MapShared or ProgramAct.MapFile:
                _mappings.Map(step, real, plain);
                return;
            case ProgramAct.Fork:
                Fork(real, plain);
                return;
            case ProgramAct.Exit:
                End(real);
                return;
            case ProgramAct.Unpin:
                Unpin(step.Where);
                return;
        }

        if (plain.Count > 0)
        {
            DoAt(step, real, plain, plain.PageAt(step.Where));
        }
    }

    private void DoAt(ProgramStep step, Process real, PlainProcess plain, ulong page)
    {
        ulong address = (page << _pageShift) + (step.What % (uint)(_pageBytes / 8) * 8);
        switch (step.Act)
        {
            case ProgramAct.Load:
                Same("DATA-1", address, plain[page].Page.Word(OffsetOf(address), _pageBytes), real.Load(address));
                break;
            case ProgramAct.Store:
                real.Store(address, step.Who * 0x9E3779B97F4A7C15UL);
                plain[page].Page.SetWord(OffsetOf(address), step.Who * 0x9E3779B97F4A7C15UL);
                break;
            case ProgramAct.LoadTag:
                Same("DATA-2", address, (ulong)TagAt(plain[page], address), (ulong)real.LoadTag(address));
                break;
            case ProgramAct.StoreTag:
                StoreTag(real, plain[page], address, (int)(step.Who >> 8) & 15);
                break;
            case ProgramAct.CheckedLoad:
                CheckedLoad(real, plain[page], address);
                break;
            case ProgramAct.WriteBytes:
                WriteBytes(step, real, plain, page);
                break;
            case ProgramAct.Pin:
                _pins.Add((real, real.Pin(address, longTerm: step.What % 4 == 0)));
                break;
            case ProgramAct.Migrate:
                _machine.Migrate(real, address);
                break;
            case ProgramAct.Collapse:
                _machine.Collapse(real, address);
                break;
            default:
                _mappings.Change(step, real, plain, page);
                break;
        }
    }

    private void Fork(Process real, PlainProcess plain)
    {
        if (_processes.Count < MostProcesses && real.Fork() is { } child)
        {
            _processes.Add((child, plain.Fork()));
        }
    }

    private void StoreTag(Process real, PlainMapping at, ulong address, int tag)
    {
        real.StoreTag(Process.Tagged(address, tag));
        if (at.IsTagged)
        {
            at.Page.SetTag(OffsetOf(address) / TagGeometry.GranuleBytes, tag);
        }
    }

    private void CheckedLoad(Process real, PlainMapping at, ulong address)
    {
        real.TagChecks = TagFaultMode.Synchronous;
        try
        {
            LoadWithBothTags(real, at, address);
        }
        finally
        {
            real.TagChecks = TagFaultMode.None;
        }
    }

    private void LoadWithBothTags(Process real, PlainMapping at, ulong address)
    {
        int tag = TagAt(at, address);
        Same("DATA-1", address, at.Page.Word(OffsetOf(address), _pageBytes), real.Load(Process.Tagged(address, tag)));
        int wrong = 0;
        try
        {
            real.Load(Process.Tagged(address, tag ^ 5));
        }
        catch (SignalException signal) when (signal.Signal.Code == SignalCode.TagSynchronous)
        {
            wrong = 1;
            Same("si_addr", address, address, signal.Signal.Address);
        }

        Same("MTE check", address, at.IsTagged ? 1UL : 0, (ulong)wrong);
    }

    private void WriteBytes(ProgramStep step, Process real, PlainProcess plain, ulong page)
    {
        ulong count = MappingActs.Run(plain, page, 3);
        byte[] bytes = new byte[_pageBytes];
        for (int at = 0; at < bytes.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), step.Who + (ulong)at);
        }

        // Page by page: one may end with a signal, and those before it are written.
        MappingActs.ForEach(page, count, at =>
        {
            real.Write(at << _pageShift, bytes);
            for (int offset = 0; offset < bytes.Length; offset += 8)
            {
                plain[at].Page.SetWord(offset, step.Who + (ulong)offset);
            }
        });
    }

    private void Unpin(uint which)
    {
        if (_pins.Count > 0)
        {
            int index = (int)(which % (uint)_pins.Count);
            _pins[index].Owner.Unpin(_pins[index].Page);
            _pins.RemoveAt(index);
        }
    }

    private void End(Process real)
    {
        _pins.RemoveAll(pin => pin.Owner == real);
        _processes.RemoveAll(process => process.Real == real);
        real.Exit();
    }

    private (Process Real, PlainProcess Plain) Pick(uint who)
    {
        // The OOM killer may have taken somebody else than the one that ran.
        foreach (Process killed in _processes.Where(process => process.Real.HasEnded).Select(process => process.Real).ToArray())
        {
            End(killed);
        }

        if (_processes.Count == 0)
        {
            _processes.Add((_machine.Start("program"), new PlainProcess()));
        }

        (Process Real, PlainProcess Plain) picked = _processes[(int)(who % (uint)_processes.Count)];
        picked.Real.Cpu = new CpuId((int)(who / 7 % (uint)_machine.Cpus));
        return picked;
    }

    private int TagAt(PlainMapping at, ulong address) => at.IsTagged ? at.Page.Tag(OffsetOf(address) / TagGeometry.GranuleBytes) : 0;

    private int OffsetOf(ulong address) => (int)address & (_pageBytes - 1);

    private void Same(string law, ulong address, ulong expected, ulong actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{law}: step {_stepsDone}, 0x{address:x} is 0x{actual:x}, not 0x{expected:x}");
        }
    }
}
