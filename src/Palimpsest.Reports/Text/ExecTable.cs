using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Userland;
using static Palimpsest.Reports.Columns.LoopColumns;

namespace Palimpsest.Reports.Text;

/// <summary>A program's run on a terminal: how it ended, its tag faults, and a row a design.</summary>
public static class ExecTable
{
    private const int MostFaultsShown = 5;
    private const double Thousands = 1000;

    private const string Legend =
        "given, used, reserved: MiB of the carve-out that are not reserved for tags; that hold data; that hold tags. moved: pages "
            + "migrated for tags. fault: first accesses to tagged pages without storage. minor: faults without file or swap, in "
            + "thousands. out: pages swapped out; back: pages that came back from swap or a file; both in thousands.";

    private static readonly TableColumn<LoopDesignResult>[] Columns =
    [
        new(Named(StorageColumns.GivenBackMean), "given", 7),
        new(Named(StorageColumns.GivenBackMin), "", 7),
        new(Named(StorageColumns.UsedMean), "used", 7),
        new(Named(StorageColumns.ReservedMax), "reserved", 9),
        new(Named("migrations"), "", 9),
        new(Named("faults_on_access"), "", 8),
        new(Named("minor_faults"), "", 8, Scale: Thousands, Decimals: 1),
        new(Named("file_reads"), "", 7),
        new(Named("swap_outs"), "", 7, Scale: Thousands, Decimals: 1),
        new(Named("refaults"), "", 7, Scale: Thousands, Decimals: 1),
    ];

    /// <summary>What the program ended with, then a row a design, as wide as the terminal.</summary>
    public static void Write(Terminal terminal, ExecResult result)
    {
        GuestOutcome outcome = result.Designs[0].Outcome;
        terminal.Headline($"{string.Join(' ', result.Arguments)}: {EndOf(outcome)}; {outcome.Instructions:N0} instructions, "
            + $"{outcome.PageFaults:N0} page faults, {outcome.TagFaults.Count:N0} tag faults; seed {result.Seed}; "
            + $"RAM {result.Board.DataBytes / (1 << 20):N0} MiB, carve-out {result.Board.CarveOutBytes / (double)(1 << 20):N2} MiB");
        foreach (GuestTagFault fault in outcome.TagFaults.Take(MostFaultsShown))
        {
            terminal.Line($"  {fault.Code} at 0x{fault.Address:x}, instruction 0x{fault.Pc:x}");
        }

        if (outcome.UnknownCalls.Count > 0)
        {
            terminal.Line($"  system calls that there are none of here: {string.Join(", ", outcome.UnknownCalls)}");
        }

        terminal.Line();
        RowTable<LoopDesignResult> table = new(terminal, Columns);
        foreach (ExecDesignResult design in result.Designs)
        {
            table.Add(design.Figures.Design.Label, column => (column.Text(design.Figures), false));
        }

        table.Write();

        terminal.Paragraph(Legend);
        WriteAlarms(terminal, result);
    }

    /// <summary>How it ended, in words.</summary>
    internal static string EndOf(GuestOutcome outcome) => outcome switch
    {
        { Limit: GuestLimit.Instructions } => "ended at its limit of instructions",
        { Limit: GuestLimit.Memory } => "ended at its limit of memory",
        { Signal: { } signal } => $"ended by signal {signal}",
        _ => $"exit status {outcome.ExitStatus}",
    };

    private static void WriteAlarms(Terminal terminal, ExecResult result)
    {
        foreach (LoopDesignResult design in result.Designs.Select(design => design.Figures).Where(design => design.Violations.Count > 0))
        {
            terminal.Alarm($"{design.Design.Label}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}");
        }

        foreach (ExecDesignResult other in result.Others)
        {
            string first = result.Designs[0].Figures.Design.Label;
            terminal.Alarm($"{other.Figures.Design.Label}: the program's output is not that under {first}");
        }
    }
}
