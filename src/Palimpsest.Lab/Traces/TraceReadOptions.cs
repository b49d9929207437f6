namespace Palimpsest.Lab.Traces;

/// <summary>How a recording is read.</summary>
public sealed record TraceReadOptions
{
    /// <summary>Told, about once a mebibyte of text, how many bytes of the (compressed) file have been consumed.</summary>
    public Action<long>? Progress { get; init; }
}
