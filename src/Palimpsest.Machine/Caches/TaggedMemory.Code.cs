namespace Palimpsest.Machine.Caches;

/// <summary>Who has decoded instructions, and has to know when they are written over.</summary>
public interface ICodeWatcher
{
    /// <summary>Bytes of a watched frame are about to change; it is watched no more.</summary>
    void CodeChanges(int frame);
}

/// <summary>Frames whose instructions somebody has decoded: stores to them take a way on which they are noticed.</summary>
public sealed partial class TaggedMemory
{
    private bool[]? _isCode;

    /// <summary>Told of stores to frames that <see cref="Watch"/> names.</summary>
    public ICodeWatcher? CodeWatcher { get; set; }

    /// <summary>Were instructions decoded from the frame since it was last forgotten?</summary>
    public bool IsCode(int frame) => _isCode is { } code && code[frame];

    /// <summary>From now on, until it happens once, a store to the frame is told to <see cref="CodeWatcher"/>.</summary>
    public void Watch(int frame) => (_isCode ??= new bool[Layout.Frames])[frame] = true;

    private void NoteCodeWrite(int frame)
    {
        if (IsCode(frame))
        {
            _isCode![frame] = false;
            CodeWatcher?.CodeChanges(frame);
        }
    }
}
