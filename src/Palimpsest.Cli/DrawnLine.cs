namespace Palimpsest.Cli;

/// <summary>A line on standard error that is drawn over itself until the work ends; nothing where that is not a terminal.</summary>
internal sealed class DrawnLine(bool isOn) : IDisposable
{
    private int _width;

    /// <summary>Somebody looks.</summary>
    public bool IsOn { get; } = isOn && !Console.IsErrorRedirected;

    /// <summary>Takes the place of what was drawn before.</summary>
    public void Draw(string text)
    {
        if (IsOn)
        {
            Console.Error.Write($"\r{text.PadRight(_width)}");
            _width = Math.Max(_width, text.Length);
        }
    }

    /// <summary>Leaves an empty line to what is written next.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}
