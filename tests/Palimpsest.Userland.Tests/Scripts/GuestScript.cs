using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Userland.Tests.Scripts;

/// <summary>
/// A program that is written in a test: system calls one after the other, whose results are kept and told at the end. It becomes a
/// static ELF file with a segment of code and one of data, so that all of the way from the loader to the last exit is gone.
/// </summary>
internal sealed class GuestScript
{
    public const ulong CodeStart = 0x400000;
    public const ulong DataStart = 0x500000;
    public const ulong ResultStart = 0x540000;
    public const int ResultBytes = 0x10000;

    private const int CallRegister = 8;
    private const int First = 9;
    private const int Second = 10;
    private const int ExitNumber = 93;
    private const int ExitGroupNumber = 94;
    private const int WriteNumber = 64;
    private const int CloneNumber = 220;

    private readonly List<uint> _words = [];
    private readonly List<byte> _data = [];
    private int _results;

    /// <summary>Where the next instruction comes to lie.</summary>
    public ulong Here => CodeStart + 0x1000 + (ulong)(4 * _words.Count);

    /// <summary>A string with its zero; its address.</summary>
    public ulong Text(string text) => Bytes([.. Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>Bytes at a multiple of 16; their address.</summary>
    public ulong Bytes(params byte[] bytes)
    {
        while (_data.Count % 16 != 0)
        {
            _data.Add(0);
        }

        ulong address = DataStart + (ulong)_data.Count;
        _data.AddRange(bytes);
        return address;
    }

    public ulong Words(params ulong[] words)
    {
        byte[] bytes = new byte[8 * words.Length];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return Bytes(bytes);
    }

    public ulong Room(int bytes) => Bytes(new byte[bytes]);

    /// <summary>Makes a system call and keeps what it returns.</summary>
    public Result Call(int number, params Argument[] arguments)
    {
        Prepare(number, arguments);
        _words.Add(0xD4000001);
        return Keep(0);
    }

    /// <summary>Keeps the 8, 4 or 1 bytes at an address.</summary>
    public Result Load(Argument address, int bytes = 8)
    {
        Put(First, address);
        _words.Add((bytes == 8 ? 0xF9400000 : bytes == 4 ? 0xB9400000 : 0x39400000) | First << 5 | Second);
        return Keep(Second);
    }

    public void Store(Argument address, Argument value, int bytes = 8)
    {
        Put(First, address);
        Put(Second, value);
        _words.Add((bytes == 8 ? 0xF9000000 : bytes == 4 ? 0xB9000000 : 0x39000000) | First << 5 | Second);
    }

    /// <summary>Instructions as they are.</summary>
    public void Code(params uint[] words) => _words.AddRange(words);

    /// <summary>Keeps a register: 31 is SP.</summary>
    public Result Keep(int register)
    {
        Move(11, ResultStart + (ulong)(8 * _results));
        if (register == 31)
        {
            _words.Add(0x910003E0 | Second);
            register = Second;
        }

        _words.Add(0xF9000000 | 11 << 5 | (uint)register);
        return new Result(_results++);
    }

    public void Put(int register, Argument value)
    {
        if (value.Of is not { } result)
        {
            Move(register, value.Constant);
            return;
        }

        Move(register, ResultStart + (ulong)(8 * result.Index));
        _words.Add(0xF9400000 | (uint)register << 5 | (uint)register);
        if (value.Constant != 0)
        {
            Move(12, value.Constant);
            _words.Add(0x8B0C0000 | (uint)register << 5 | (uint)register);
        }
    }

    /// <summary>Code that is jumped over and returned from: a handler of signals. Its address.</summary>
    public ulong Function(Action body)
    {
        int jump = _words.Count;
        _words.Add(0);
        ulong start = Here;
        body();
        _words.Add(0xD65F03C0);
        _words[jump] = 0x14000000 | (uint)(_words.Count - jump);
        return start;
    }

    /// <summary>A body that is gone through while a result is zero, or not.</summary>
    public void If(Result result, bool isZero, Action body)
    {
        Put(First, result);
        Skip(isZero ? 0xB5000000 | First : 0xB4000000 | First, body);
    }

    /// <summary>A body so many times.</summary>
    public void Repeat(int times, Action body)
    {
        Move(19, (ulong)times);
        int start = _words.Count;
        body();
        _words.Add(0xD1000400 | 19 << 5 | 19);
        _words.Add(0xB5000000 | (uint)((start - _words.Count) & 0x7FFFF) << 5 | 19);
    }

    /// <summary>A child process that does a body and ends with a status; keeps its number.</summary>
    public Result Fork(int status, Action body, ulong flags = 17) => Clone(flags, 0, [], () =>
    {
        body();
        Exit(status);
    });

    /// <summary>A thread that does a body and ends; keeps its number.</summary>
    public Result Thread(ulong stackEnd, Action body, ulong tidAddress = 0) =>
        Clone(0x50F00 | (tidAddress != 0 ? 0x200000UL : 0), stackEnd, [0, 0, tidAddress], () =>
        {
            body();
            Prepare(ExitNumber, [0]);
            _words.Add(0xD4000001);
        });

    public void Exit(int status)
    {
        Prepare(ExitGroupNumber, [status]);
        _words.Add(0xD4000001);
    }

    /// <summary>The ELF file.</summary>
    public byte[] Build()
    {
        Prepare(WriteNumber, [1, ResultStart, ResultBytes]);
        _words.Add(0xD4000001);
        Exit(0);
        byte[] file = new byte[0x1000 + (4 * _words.Count) + 0x1000 + _data.Count];
        int dataOffset = 0x1000 + ((4 * _words.Count) + 0xFFF & ~0xFFF);
        Array.Resize(ref file, dataOffset + _data.Count);
        ElfSketch.WriteHeader(file, CodeStart + 0x1000, 2);
        ElfSketch.WriteSegment(file, 0, 5, 0, CodeStart, 0x1000 + (4 * _words.Count), 0x1000 + (4 * _words.Count));
        ElfSketch.WriteSegment(file, 1, 6, dataOffset, DataStart, _data.Count, (int)(ResultStart - DataStart) + ResultBytes);
        for (int index = 0; index < _words.Count; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x1000 + (4 * index)), _words[index]);
        }

        _data.CopyTo(file, dataOffset);
        return file;
    }

    private Result Clone(ulong flags, ulong stackEnd, Argument[] more, Action body)
    {
        Prepare(CloneNumber, [flags, stackEnd, .. more]);
        _words.Add(0xD4000001);
        Skip(0xB5000000, body);
        return Keep(0);
    }

    /// <summary>A branch over a body.</summary>
    private void Skip(uint branch, Action body)
    {
        int place = _words.Count;
        _words.Add(0);
        body();
        _words[place] = branch | (uint)(_words.Count - place) << 5;
    }

    private void Prepare(int number, Argument[] arguments)
    {
        for (int index = 0; index < arguments.Length; index++)
        {
            Put(index, arguments[index]);
        }

        Move(CallRegister, (ulong)number);
    }

    private void Move(int register, ulong value)
    {
        _words.Add(0xD2800000 | (uint)(value & 0xFFFF) << 5 | (uint)register);
        for (int place = 1; place < 4; place++)
        {
            uint part = (uint)(value >> (16 * place) & 0xFFFF);
            if (part != 0)
            {
                _words.Add(0xF2800000 | (uint)place << 21 | part << 5 | (uint)register);
            }
        }
    }
}

/// <summary>A value that the program keeps while it runs.</summary>
internal sealed record Result(int Index)
{
    public static Argument operator +(Result result, long offset) => new(result, (ulong)offset);
}

/// <summary>A constant, or a result and an offset.</summary>
internal readonly record struct Argument(Result? Of, ulong Constant)
{
    public static implicit operator Argument(ulong value) => new(null, value);

    public static implicit operator Argument(long value) => new(null, (ulong)value);

    public static implicit operator Argument(int value) => new(null, (ulong)(long)value);

    public static implicit operator Argument(uint value) => new(null, value);

    public static implicit operator Argument(Result result) => new(result, 0);

    public static Argument operator +(Argument argument, long offset) => new(argument.Of, argument.Constant + (ulong)offset);
}
