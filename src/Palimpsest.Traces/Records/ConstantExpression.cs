using System.Globalization;

namespace Palimpsest.Traces.Records;

/// <summary>Evaluates the constant C expressions of format files: numbers, casts, shifts, bitwise operators, parentheses.</summary>
internal ref struct ConstantExpression
{
    private const int DeepestNesting = 128;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;
    private bool _failed;

    private ConstantExpression(ReadOnlySpan<char> text) => _text = text;

    /// <summary>False for what only the kernel can evaluate: a name, a call, a condition.</summary>
    public static bool TryEvaluate(ReadOnlySpan<char> text, out ulong value)
    {
        var expression = new ConstantExpression(text);
        value = expression.Or();
        return !expression._failed && expression.Next() == '\0';
    }

    private ulong Or()
    {
        ulong value = And();
        while (Accept("|"))
        {
            value |= And();
        }

        return value;
    }

    private ulong And()
    {
        ulong value = Shift();
        while (Accept("&"))
        {
            value &= Shift();
        }

        return value;
    }

    private ulong Shift()
    {
        ulong value = Sum();
        while (true)
        {
            if (Accept("<<"))
            {
                value <<= (int)(Sum() & 63);
            }
            else if (Accept(">>"))
            {
                value >>= (int)(Sum() & 63);
            }
            else
            {
                return value;
            }
        }
    }

    private ulong Sum()
    {
        ulong value = Unary();
        while (true)
        {
            if (Accept("+"))
            {
                value += Unary();
            }
            else if (Accept("-"))
            {
                value -= Unary();
            }
            else
            {
                return value;
            }
        }
    }

    private ulong Unary()
    {
        if (++_depth > DeepestNesting)
        {
            _failed = true;
        }

        ulong value = _failed ? 0 : Accept("~") ? ~Unary() : Accept("-") ? 0 - Unary() : Primary();
        _depth--;
        return value;
    }

    private ulong Primary()
    {
        if (Accept("("))
        {
            if (AcceptCast())
            {
                return Unary();
            }

            ulong value = Or();
            _failed |= !Accept(")");
            return value;
        }

        return Number();
    }

    // "(unsigned long)" or "( gfp_t)": words alone up to the parenthesis.
    private bool AcceptCast()
    {
        int end = _text[_at..].IndexOf(')');
        ReadOnlySpan<char> inside = end < 0 ? default : _text.Slice(_at, end).Trim();
        if (inside.IsEmpty || !char.IsAsciiLetter(inside[0]))
        {
            return false;
        }

        foreach (char letter in inside)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or ' '))
            {
                return false;
            }
        }

        _at += end + 1;
        return true;
    }

    private ulong Number()
    {
        Next();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
        {
            _at++;
        }

        ReadOnlySpan<char> digits = _text[start.._at].TrimEnd("uUlL");
        ulong value;
        bool isNumber = digits.StartsWith("0x")
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        _failed |= !isNumber;
        return value;
    }

    private bool Accept(string token)
    {
        Next();
        if (!_text[_at..].StartsWith(token))
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private char Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }
}
