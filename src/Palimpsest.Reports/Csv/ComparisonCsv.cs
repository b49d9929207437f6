using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Csv.CsvText;

namespace Palimpsest.Reports.Csv;

/// <summary>A comparison as tables: designs.csv (one row a design) and timeline.csv (one row a design and moment).</summary>
public static class ComparisonCsv
{
    /// <summary>Name of the file with a row a design.</summary>
    public const string DesignsFile = "designs.csv";

    /// <summary>Name of the file with a row a sample and design.</summary>
    public const string TimeLineFile = "timeline.csv";

    private static readonly Column<DesignResult>[] Columns = [.. DesignColumns.All.Where(column => column.IsInCsv)];

    /// <summary>A heading, then a row a design with every column; units in the heading.</summary>
    public static void WriteDesigns(TextWriter writer, ComparisonResult result)
    {
        WriteRow(writer, ["design", "parameters", .. Columns.Select(column => Heading(column.Id))]);
        foreach (DesignResult design in result.Designs)
        {
            WriteRow(writer,
                [design.Design.Name, Quoted(design.Design.Parameters), .. Columns.Select(column => Number(column.Value(design)))]);
        }
    }

    /// <summary>A heading, then a row a sample and design, by time.</summary>
    public static void WriteTimeLine(TextWriter writer, ComparisonResult result)
    {
        WriteRow(writer, ["design", "time_s", "reserved_mib", "used_as_data_mib", "tagged_mib", "reserved_blocks", "migrated_pages",
            "free_mib"]);
        foreach (DesignResult design in result.Designs)
        {
            foreach (TimePoint point in design.TimeLine)
            {
                WriteRow(writer,
                [
                    Field(design.Design.Label), Number(point.TimeNs / 1e9), Mebibytes(point.Reserved), Mebibytes(point.Lent),
                        Mebibytes(point.Tagged),
                    Number(point.ReservedBlocks), Number(point.MigratedFrames), Mebibytes(point.Free),
                ]);
            }

            string Mebibytes(int frames) => Number(StorageColumns.Mebibytes(frames, design.PageBytes));
        }
    }
}
