namespace Palimpsest.Traces;

/// <summary>How a recording is read.</summary>
public sealed record TraceReadOptions
{
    /// <summary>What the path "-" stands for; the standard input of the process without it. It stays open.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Told, about once a mebibyte of text, how many bytes of the (compressed) file have been consumed.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Takes the events instead of <see cref="Trace.Events"/>, so that memory does not grow with the recording.</summary>
    public TraceEventSink? Sink { get; init; }

    /// <summary>
    /// Told that the recording is read again from its beginning, since its events turned out not to be in the order of time: what
    /// the sink was told is void. Without it such a recording has no sink, or is refused.
    /// </summary>
    public Action? Again { get; init; }

    /// <summary>Events to look at; all without it.</summary>
    public TraceFilter? Filter { get; init; }

    /// <summary>Release of the recorded kernel, as uname -r prints it, for files that do not tell.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>Release by another source, which counts where neither this nor the file tells.</summary>
    public string? OtherRelease { get; init; }
}
