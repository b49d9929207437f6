using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Compilation;

/// <summary>Loads and stores: the short way is looked up and the tag compared in place; all else is called for.</summary>
internal sealed unsafe partial class RegionWriter
{
    private const long ChunkMask = -(1L << ShortWay.Shift);

    private static readonly int ReadOffset = (int)Marshal.OffsetOf<ShortWay>(nameof(ShortWay.Read));
    private static readonly int WriteOffset = (int)Marshal.OffsetOf<ShortWay>(nameof(ShortWay.Write));
    private static readonly int DataOffset = (int)Marshal.OffsetOf<ShortWay>(nameof(ShortWay.Data));
    private static readonly int TagsOffset = (int)Marshal.OffsetOf<ShortWay>(nameof(ShortWay.Tags));

    private LocalBuilder? _address;
    private LocalBuilder? _untagged;
    private LocalBuilder? _last;
    private LocalBuilder? _entry;
    private LocalBuilder? _tags;
    private LocalBuilder? _place;
    private LocalBuilder? _first;
    private LocalBuilder? _second;

    private bool TryWriteMemory(Encoding e)
    {
        if (MemoryForm.Of(e) is not { } form)
        {
            return false;
        }

        if (form.IsPrefetch)
        {
            return true;
        }

        WriteAddress(form);
        if (form.IsLoad)
        {
            WriteLoad(form);
        }
        else
        {
            WriteStore(form);
        }

        return true;
    }

    private void WriteAddress(MemoryForm form)
    {
        if (form.Mode == MemoryMode.Literal)
        {
            InPage((4 * _index) + form.Offset);
        }
        else
        {
            Get(form.Base);
            if (form.Mode == MemoryMode.Index)
            {
                GetExtended(form.Index, form.Option, isWide: true);
                ShiftLeft(form.Shift);
                _il.Emit(OpCodes.Add);
            }
            else if (form.Mode != MemoryMode.PostIndex && form.Offset != 0)
            {
                Constant(form.Offset);
                _il.Emit(OpCodes.Add);
            }
        }

        Store(_address ??= Local<long>());
    }

    private void WriteLoad(MemoryForm form)
    {
        LocalBuilder place = _place ??= Local<nint>();
        Reach(form, ReadOffset);
        Store(place);
        if (form.IsVector)
        {
            LoadVector(form.Register, form.Size, 0);
            if (form.IsPair)
            {
                LoadVector(form.Second, form.Size, form.Size);
            }

            WriteBack(form);
            return;
        }

        if (!form.IsPair && form.Mode is not (MemoryMode.PreIndex or MemoryMode.PostIndex))
        {
            Fetch(form, 0);
            Set(form.Register);
            return;
        }

        LocalBuilder first = _first ??= Local<long>();
        LocalBuilder second = _second ??= Local<long>();
        Fetch(form, 0);
        Store(first);
        if (form.IsPair)
        {
            Fetch(form, form.Size);
            Store(second);
        }

        WriteBack(form);
        Load(first);
        Set(form.Register);
        if (form.IsPair)
        {
            Load(second);
            Set(form.Second);
        }
    }

    private void WriteStore(MemoryForm form)
    {
        LocalBuilder place = _place ??= Local<nint>();
        Reach(form, WriteOffset);
        Store(place);
        Deposit(form, place);
        WriteBack(form);
    }

    private void Deposit(MemoryForm form, LocalBuilder place)
    {
        for (int part = 0; part < (form.IsPair ? 2 : 1); part++)
        {
            int register = part == 0 ? form.Register : form.Second;
            Load(place);
            Add(part * form.Size);
            if (form.IsVector)
            {
                StoreVector(register, form.Size);
                continue;
            }

            Get(register);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(form.Size switch
            {
                1 => OpCodes.Stind_I1,
                2 => OpCodes.Stind_I2,
                4 => OpCodes.Stind_I4,
                _ => OpCodes.Stind_I8,
            });
        }
    }

    /// <summary>Part of what lies at the place, as the register gets it.</summary>
    private void Fetch(MemoryForm form, int offset)
    {
        Load(_place!);
        Add(offset);

        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit((form.Size, form.IsSigned) switch
        {
            (1, false) => OpCodes.Ldind_U1,
            (1, true) => OpCodes.Ldind_I1,
            (2, false) => OpCodes.Ldind_U2,
            (2, true) => OpCodes.Ldind_I2,
            (4, false) => OpCodes.Ldind_U4,
            (4, true) => OpCodes.Ldind_I4,
            _ => OpCodes.Ldind_I8,
        });
        if (form.Size < 8)
        {
            _il.Emit(form.IsSigned && form.IsToWide ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        }
    }

    private void WriteBack(MemoryForm form)
    {
        if (form.Mode == MemoryMode.PreIndex)
        {
            Load(_address!);
            Set(form.Base);
        }
        else if (form.Mode == MemoryMode.PostIndex)
        {
            Load(_address!);
            Constant(form.Offset);
            _il.Emit(OpCodes.Add);
            Set(form.Base);
        }
    }

    /// <summary>
    /// The place of the access on the stack, or the interpreter does it: no call, for which registers would have to be saved.
    /// </summary>
    private void Reach(MemoryForm form, int key)
    {
        NoteHere();
        LocalBuilder untagged = _untagged ??= Local<long>();
        LocalBuilder entry = _entry ??= Local<nint>();
        Load(_address!);
        Constant(8);
        _il.Emit(OpCodes.Shl);
        Constant(8);
        _il.Emit(OpCodes.Shr_Un);
        Store(untagged);
        State(StateOffsets.ShortWays);
        _il.Emit(OpCodes.Ldind_I);
        Load(_address!);
        Constant(ShortWay.AddressShift);
        _il.Emit(OpCodes.Shr_Un);
        Constant((long)_core.ShortWayMask);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
        Store(entry);
        CompareKey(form, key);
        _il.Emit(OpCodes.Brtrue, _stepHere);
        InEntry(DataOffset);
        Load(untagged);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
    }

    /// <summary>0 on the stack where the entry at hand is of the whole access, and has its tag.</summary>
    private void CompareKey(MemoryForm form, int key)
    {
        Load(_untagged!);
        if (form.Bytes > 1)
        {
            Constant((long)form.Bytes - 1);
            _il.Emit(OpCodes.Add);
        }

        if (form.Kind != AccessKind.Data)
        {
            InEntry(key);
            _il.Emit(OpCodes.Xor);
            Constant(ChunkMask);
            _il.Emit(OpCodes.And);
            return;
        }

        LocalBuilder last = _last ??= Local<long>();
        Store(last);
        Load(last);
        Constant(ChunkMask);
        _il.Emit(OpCodes.And);
        InEntry(key);
        _il.Emit(OpCodes.Xor);
        if (_core.ChecksTags)
        {
            // What differs in the key counts, and in the tag where tags are checked.
            Differences(form.Bytes, last);
            Constant(ChunkMask);
            _il.Emit(OpCodes.Or);
            _il.Emit(OpCodes.And);
        }
    }

    /// <summary>Bits of the tags that are not those of the address, and a bit where the access passes the granules compared.</summary>
    private void Differences(int bytes, LocalBuilder last)
    {
        LocalBuilder tags = _tags ??= Local<nint>();
        InEntry(TagsOffset);
        Store(tags);
        Difference(0);
        if (bytes >= 16)
        {
            Difference(bytes > 16 ? 16 : 15);
            _il.Emit(OpCodes.Or);
            if (bytes > 16)
            {
                Difference(bytes - 1);
                _il.Emit(OpCodes.Or);
            }
        }

        Constant(15);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Conv_U8);
        if (bytes is > 1 and < 16)
        {
            // Few accesses do.
            Load(_address!);
            Load(last);
            _il.Emit(OpCodes.Xor);
            Constant(16L);
            _il.Emit(OpCodes.And);
            _il.Emit(OpCodes.Or);
        }
    }

    /// <summary>A part of the short way at hand.</summary>
    private void InEntry(int offset)
    {
        Load(_entry!);
        Add(offset);
        _il.Emit(OpCodes.Ldind_I8);
    }

    private void Difference(int offset)
    {
        Load(_tags!);
        Offset(offset);
        Constant(5);
        _il.Emit(OpCodes.Shr_Un);
        Constant(63L);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldind_U1);
        Offset(offset);
        Constant(2);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
        Constant(4);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Shr_Un);
        Load(_address!);
        Constant(56);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Conv_I4);
        _il.Emit(OpCodes.Xor);
    }

    private void Offset(int offset)
    {
        Load(_address!);
        if (offset != 0)
        {
            Constant((long)offset);
            _il.Emit(OpCodes.Add);
        }
    }
}
