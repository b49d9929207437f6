using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Userland;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a program's run as "palimpsest.exec" version 1; rules as for <see cref="ComparisonJson"/>.</summary>
public static class ExecJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.exec";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    private const int Decimals = 6;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, ExecResult result, Provenance? provenance = null)
    {
        GuestOutcome first = result.Designs[0].Outcome;
        JsonSerializer.Serialize(
            stream,
            new ExecDocument(
                Format, Version, result.Arguments, result.Seed, (long)result.SwapPages * result.Board.PageBytes,
                new LoopBoardDocument(result.Board.Name, result.Board.RamBytes, result.Board.CarveOutBytes, result.Board.PageBytes),
                first.ExitStatus, first.Signal, first.Instructions, first.WasLimited, NameOf(first.Limit), first.PageFaults,
                [.. first.TagFaults.Select(DocumentOf)], first.UnknownCalls, result.Others.Count == 0,
                [.. result.Designs.Select(DesignOf)], provenance),
            DocumentJson.Default.ExecDocument);
    }

    private static ExecTagFaultDocument DocumentOf(GuestTagFault fault) => new(fault.Code, $"0x{fault.Address:x}", $"0x{fault.Pc:x}");

    private static string? NameOf(GuestLimit? limit) => limit switch
    {
        GuestLimit.Instructions => "instructions",
        GuestLimit.Memory => "memory",
        _ => null,
    };

    private static JsonObject DesignOf(ExecDesignResult design)
    {
        JsonObject row = new()
        {
            ["name"] = design.Figures.Design.Name,
            ["parameters"] = design.Figures.Design.Parameters,
            ["exit_status"] = design.Outcome.ExitStatus,
            ["signal"] = design.Outcome.Signal,
            ["instructions"] = design.Outcome.Instructions,
            ["page_faults"] = design.Outcome.PageFaults,
            ["tag_fault_count"] = design.Outcome.TagFaults.Count,
            ["output_hash"] = $"{design.OutputHash:x16}",
        };
        RowJson.Add(row, LoopColumns.All, design.Figures, Decimals);
        return row;
    }
}

internal sealed record ExecDocument(
    string Format, int Version, IReadOnlyList<string> Arguments, ulong Seed, long SwapBytes, LoopBoardDocument Board, int? ExitStatus,
    int? Signal, long Instructions, bool WasLimited, string? Limit, long PageFaults, IReadOnlyList<ExecTagFaultDocument> TagFaults,
    IReadOnlyList<int> UnknownSystemCalls, bool SameUnderAllDesigns, IReadOnlyList<JsonObject> Designs,
    Provenance? Provenance);

internal sealed record ExecTagFaultDocument(string Code, string Address, string Pc);
