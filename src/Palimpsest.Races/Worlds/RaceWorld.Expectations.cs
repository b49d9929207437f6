using Palimpsest.Kernel.Tasks;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Worlds;

/// <content>What has to be true at the end.</content>
internal sealed partial class RaceWorld
{
    private readonly List<Func<string?>> _expectations = [];
    private readonly Dictionary<ulong, ulong> _words = [];
    private readonly Dictionary<ulong, int> _tags = [];
    private IReadOnlyList<LawViolation>? _violations;
    private bool _isSettled;

    /// <summary>Words and tags as the threads that alone write them remember them.</summary>
    public void Remember(Process process, ulong address, ulong value)
    {
        if (_words.TryAdd(address, value))
        {
            Expect(() => process.Load(address) is var found && found == _words[address] ? null : Differs(process, address, found));
        }

        _words[address] = value;
    }

    public void RememberTag(Process process, ulong address, int tag)
    {
        if (_tags.TryAdd(address, tag))
        {
            Expect(() => process.LoadTag(address) is var found && found == _tags[address]
                ? null
                : $"{process.Name} finds tag {found} at 0x{address:x}, and {_tags[address]} was stored");
        }

        _tags[address] = tag;
    }

    /// <summary>The word as its writer remembers it; zero before.</summary>
    public ulong WordAt(ulong address) => _words.GetValueOrDefault(address);

    /// <summary>A thread reads a word that it alone writes.</summary>
    public async ValueTask CheckWord(LinuxTask user, Process process, ulong address)
    {
        ulong found = await user.Load(address);
        if (found != _words.GetValueOrDefault(address))
        {
            string broken = Differs(process, address, found);
            Expect(() => broken);
        }
    }

    private string Differs(Process process, ulong address, ulong found) =>
        $"{process.Name} reads 0x{found:x} at 0x{address:x}, and 0x{_words.GetValueOrDefault(address):x} was stored";

    /// <summary>What must hold at the end; null when it does.</summary>
    public void Expect(Func<string?> expectation) => _expectations.Add(expectation);

    public void ExpectTag(Process process, ulong address, int tag) => Expect(() =>
        process.LoadTag(address) is var found && found == tag ? null : $"the tag of 0x{address:x} is {found}, and {tag} was stored");

    public void ExpectWord(Process process, ulong address, ulong value) => Expect(() =>
        process.Load(address) is var found && found == value ? null : $"0x{address:x} holds 0x{found:x}, and 0x{value:x} was stored");

    /// <summary>First expectation that does not hold, for DATA-1 and DATA-2.</summary>
    public string? BrokenExpectation()
    {
        Settle();
        return _expectations.Select(expectation => expectation()).FirstOrDefault(broken => broken is not null)
            ?? _guests.Select(BrokenGuest).FirstOrDefault(broken => broken is not null);
    }

    public string? Violation(string law)
    {
        Settle();
        _violations ??= Machine.Audit();
        LawViolation found = _violations.FirstOrDefault(violation => violation.Law == law);
        return found.Message;
    }

    /// <summary>At last every dirty line goes to DRAM and is dropped.</summary>
    private void Settle()
    {
        if (!_isSettled)
        {
            EndOfRun.Settle(Machine);
        }

        _isSettled = true;
    }

    private static string? BrokenGuest((Process Process, ulong Address) guest)
    {
        byte[] found = new byte[Page];
        guest.Process.Read(guest.Address, found);
        int wrong = found.AsSpan().IndexOfAnyExcept(GuestByte);
        return wrong < 0
            ? null
            : $"{guest.Process.Name} reads 0x{found[wrong]:x} at 0x{guest.Address + (ulong)wrong:x}, and 0x{GuestByte:x} was stored";
    }
}
