using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Csv.CsvText;

namespace Palimpsest.Reports.Csv;

/// <summary>A closed loop as tables: designs.csv (one row a design, over all seeds) and seeds.csv (one row a design and seed).</summary>
public static class LoopCsv
{
    /// <summary>Name of the file with a row a design.</summary>
    public const string DesignsFile = "designs.csv";

    /// <summary>Name of the file with a row a seed and design.</summary>
    public const string SeedsFile = "seeds.csv";

    private static readonly Column<LoopSpread>[] OfDesigns = [.. SpreadColumns.All.Where(column => column.IsInJson)];
    private static readonly Column<LoopDesignResult>[] OfSeeds = [.. LoopColumns.All.Where(column => column.IsInJson)];

    /// <summary>A heading, then a row a design: mean and interval of every column.</summary>
    public static void WriteDesigns(TextWriter writer, LoopStudy study)
    {
        WriteRow(writer, ["design", "parameters", .. OfDesigns.Select(column => Heading(column.JsonName))]);
        foreach (LoopSpread design in study.Designs)
        {
            WriteRow(writer, [design.Design.Name, Quoted(design.Design.Parameters),
                .. OfDesigns.Select(column => column.IsMeasured(design) ? Number(column.Value(design)) : "")]);
        }
    }

    /// <summary>A heading, then a row a seed and design.</summary>
    public static void WriteSeeds(TextWriter writer, LoopStudy study)
    {
        WriteRow(writer, ["design", "seed", .. OfSeeds.Select(column => Heading(column.JsonName))]);
        foreach (LoopResult seed in study.Seeds)
        {
            foreach (LoopDesignResult design in seed.Designs)
            {
                WriteRow(writer, [Field(design.Design.Label), Number(seed.Parameters.Seed),
                    .. OfSeeds.Select(column => Number(column.Value(design)))]);
            }
        }
    }
}
