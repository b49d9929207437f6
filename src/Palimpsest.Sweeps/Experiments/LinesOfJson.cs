using System.Text.Json;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>Where the values of a JSON file stand: what is wrong with one is told with its line.</summary>
internal sealed class LinesOfJson
{
    private readonly Dictionary<string, int> _lines = [];

    /// <param name="json">Well-formed, with comments and trailing commas if need be.</param>
    public LinesOfJson(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
        });
        Stack<(string Path, int Next)> open = new();
        string? name = null;
        int line = 1;
        long counted = 0;
        while (reader.Read())
        {
            line += json[(int)counted..(int)reader.TokenStartIndex].Count((byte)'\n');
            counted = reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    string path = PathOf(open, name);
                    name = null;
                    _lines[path] = line;
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push((path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    }

                    break;
            }
        }
    }

    /// <summary>Line of a value, from 1; of what it stands in where the file leaves it out.</summary>
    /// <param name="path">As in designs[1].parameters.slack[0].</param>
    public int Of(string path)
    {
        for (string at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(at, out int line))
            {
                return line;
            }
        }

        return 1;
    }

    private static string PathOf(Stack<(string Path, int Next)> open, string? name)
    {
        if (open.Count == 0)
        {
            return "";
        }

        (string path, int next) = open.Pop();
        open.Push((path, next < 0 ? next : next + 1));
        return next >= 0 ? $"{path}[{next}]" : path.Length == 0 ? name! : $"{path}.{name}";
    }
}
