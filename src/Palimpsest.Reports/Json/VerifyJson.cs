using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a verification as "palimpsest.verify" version 1; names are stable.</summary>
public static class VerifyJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.verify";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, VerificationResult result, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream,
        new VerifyDocument
        {
            Trace = result.Recording.Name,
            Board = result.BoardName,
            Events = result.Recording.Events,
            TallyFromS = result.TallyFromSeconds,
            Tallied = result.OnlyTallied,
            Guided = result.Guided is { } guided
                ? new GuidedDocument(guided.Refill, guided.PerCpu, guided.Buddy, guided.Drain, guided.RangesFree, guided.RangeMoves)
                : null,
            TagStorage = result.Guided?.Storage is { } storage ? StorageDocument.Of(storage) : null,
            TagStorageDesign = result.StorageDesign,
            TagStorageFreeRun = result.Storage is { } course ? StorageCourseDocument.Of(course) : null,
            Own = result.Guided?.Own,
            OwnRefills = result.Guided?.OwnRefills,
            OwnDrains = result.Guided?.OwnDrains,
            FreeRun = result.Guided is { } run ? new FreeRunDocument(run.AllocationsBeforeDivergence ?? run.Own.Total) : null,
            SilentAllocations = result.Guided?.SilentAllocations,
            SilentFrees = result.Guided?.SilentFrees,
            RangeSurplus = result.Guided?.RangeSurplus,
            ConcededPages = result.Guided?.WithdrawnFrames,
            Contradictions = result.Guided?.Contradictions,
            LimitsLearned = result.Guided?.LimitsLearned,
            ByKind = result.Guided is { } kinds ? [.. kinds.ByKind.Select(KindOf)] : null,
            ByTenSeconds = result.Guided?.ByTime,
            GuidedEnd = result.GuidedEnd is { } end ? AgreementDocument.Of(end) : null,
            FreeRunEnd = AgreementDocument.Of(result.FreeEnd),
            FreeRunMoments = [.. result.Moments.Select(MomentOf)],
            LawViolations = result.Violations.Count,
            Notes = result.Notes,
            Facts = FactDocument.Of(result.Facts),
            Rules = RulesDocument.Of(result.Rules),
            Provenance = provenance,
        },
        VerifyDocumentJson.Default.VerifyDocument);

    private static KindDocument KindOf(KindTally kind) =>
        new(MissExplanation.PathName(kind.Path), kind.Order, kind.Type.ToString(), kind.Tally.Predicted, kind.Tally.Total);

    private static MomentDocument MomentOf(MomentResult moment)
    {
        AgreementDocument agreement = AgreementDocument.Of(moment.Agreement);
        return new MomentDocument(
            moment.Name, moment.Events, Math.Max(0, moment.TimeNs), moment.UncertainPages,
            agreement.FreeDifferenceShare, agreement.Figures, agreement.PerCpuPages, agreement.FreeChunks);
    }
}

internal sealed record VerifyDocument
{
    public string Format { get; init; } = VerifyJson.Format;

    public int Version { get; init; } = VerifyJson.Version;

    public required string Trace { get; init; }

    public required string Board { get; init; }

    public required long Events { get; init; }

    public required double TallyFromS { get; init; }

    public string? Tallied { get; init; }

    public GuidedDocument? Guided { get; init; }

    public StorageDocument? TagStorage { get; init; }

    public string? TagStorageDesign { get; init; }

    public StorageCourseDocument? TagStorageFreeRun { get; init; }

    public Tally? Own { get; init; }

    public Tally? OwnRefills { get; init; }

    public Tally? OwnDrains { get; init; }

    public FreeRunDocument? FreeRun { get; init; }

    public long? SilentAllocations { get; init; }

    public long? SilentFrees { get; init; }

    public long? RangeSurplus { get; init; }

    public long? ConcededPages { get; init; }

    public long? Contradictions { get; init; }

    public int? LimitsLearned { get; init; }

    public IReadOnlyList<KindDocument>? ByKind { get; init; }

    public IReadOnlyList<Tally>? ByTenSeconds { get; init; }

    public AgreementDocument? GuidedEnd { get; init; }

    public required AgreementDocument FreeRunEnd { get; init; }

    public required IReadOnlyList<MomentDocument> FreeRunMoments { get; init; }

    public required int LawViolations { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<FactDocument> Facts { get; init; }

    public required RulesDocument Rules { get; init; }

    public Provenance? Provenance { get; init; }
}

/// <summary>Release of the recorded kernel, and that whose rules were followed.</summary>
internal sealed record RulesDocument(string? Kernel, string Rules, bool Verified)
{
    public static RulesDocument Of(RulesUsed used) => new(used.Kernel, used.Rules, used.IsVerified);
}

internal sealed record GuidedDocument(Tally Refill, Tally Pcp, Tally Buddy, Tally Drain, Tally RangesFree, Tally RangeMoves);

internal sealed record StorageDocument(
    Tally Path, Tally Block, Tally Moves, Tally Release, Tally Mark, Tally Fault, Tally Occupancy, long Contradictions, int ReservedAtStart)
{
    public static StorageDocument Of(StorageResult result) => new(
        result.Path, result.Block, result.Moves, result.Release, result.Mark, result.Fault, result.Occupancy, result.Contradictions,
        result.ReservedAtStart);
}

/// <param name="Points">Each: time in ns, reserved pages of model and kernel, data pages of model and kernel.</param>
internal sealed record StorageCourseDocument(IReadOnlyList<FigureDocument> Figures, IReadOnlyList<long[]> Points)
{
    public static StorageCourseDocument Of(StorageCourse course) => new(
        [.. course.Figures.Select(figure => new FigureDocument(figure.Name, Math.Round(figure.Model, 2), Math.Round(figure.Kernel, 2)))],
        [.. course.Points.Select(point => new[]
            { point.TimeNs, point.ModelReserved, point.KernelReserved, point.ModelData, point.KernelData })]);
}

internal sealed record FreeRunDocument(long AllocationsBeforeDivergence);

internal sealed record KindDocument(string Path, int Order, string Migratetype, long Predicted, long Total);

internal sealed record FigureDocument(string Name, double Model, double Kernel);

internal sealed record PerCpuDocument(IReadOnlyList<int> Model, IReadOnlyList<int> Kernel);

internal sealed record MomentDocument(
    string Name, long EventsBefore, long TimeNs, long? UncertainPages, double? FreeDifferenceShare, IReadOnlyList<FigureDocument> Figures,
    PerCpuDocument PerCpuPages, JsonObject? FreeChunks);

/// <param name="FreeChunks">Of each migratetype, by order from 0 on.</param>
internal sealed record AgreementDocument(
    double? FreeDifferenceShare, IReadOnlyList<FigureDocument> Figures, PerCpuDocument PerCpuPages, JsonObject? FreeChunks)
{
    public static AgreementDocument Of(Agreement agreement) => new(
        agreement.FreeDifference is { } difference ? Math.Round(difference, 6) : null,
        [.. agreement.Figures.Select(figure => new FigureDocument(figure.Name, figure.Model, figure.Kernel))],
        new PerCpuDocument(agreement.ModelPerCpu, agreement.KernelPerCpu),
        agreement is { ModelChunks: { } model, KernelChunks: { } kernel } ? Chunks(model, kernel) : null);

    private static JsonObject Chunks(FreeChunkCounts model, FreeChunkCounts kernel)
    {
        JsonObject types = [];
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            types[((MigrateType)type).ToString()] = new JsonObject { ["model"] = Row(model, type), ["kernel"] = Row(kernel, type) };
        }

        return types;
    }

    private static JsonArray Row(FreeChunkCounts counts, int type) =>
        new([.. counts.ByOrder(type).Select(count => JsonValue.Create(count))]);
}
