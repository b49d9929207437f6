using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Tests.Mte;

public sealed class TagCheckTests
{
    private const ulong Low = 0x0300_0000_0000_1000;
    private const ulong High = 0xF3FF_0000_0000_1000;

    [Fact]
    public void ADataAccessToNormalTaggedMemoryIsChecked()
    {
        Assert.True(TagCheck.IsChecked(Enabled(), Low, isTaggedMapping: true));
        Assert.True(TagCheck.IsChecked(Enabled(), High, isTaggedMapping: true, level: ExceptionLevel.El1));
        Assert.False(TagCheck.IsChecked(Enabled(), Low, isTaggedMapping: false));
    }

    [Theory]
    [InlineData(AccessKind.StackImmediate)]
    [InlineData(AccessKind.Literal)]
    [InlineData(AccessKind.InstructionFetch)]
    [InlineData(AccessKind.TableWalk)]
    [InlineData(AccessKind.CacheMaintenance)]
    [InlineData(AccessKind.TagInstruction)]
    [InlineData(AccessKind.UserCopy)]
    public void OtherKindsAreExempt(AccessKind kind) => Assert.False(TagCheck.IsChecked(Enabled(), Low, isTaggedMapping: true, kind));

    [Fact]
    public void TcoTurnsChecksOff()
    {
        MteRegisters registers = Enabled();
        registers.Tco = true;

        Assert.False(TagCheck.IsChecked(registers, Low, isTaggedMapping: true));
    }

    [Theory]
    [InlineData(ExceptionLevel.El0, false, true)]
    [InlineData(ExceptionLevel.El1, true, false)]
    public void NothingIsCheckedWithoutTagAccess(ExceptionLevel level, bool isEl0Checked, bool isEl1Checked)
    {
        MteRegisters registers = Enabled();
        registers.Ata0 = level != ExceptionLevel.El0;
        registers.Ata = level != ExceptionLevel.El1;

        Assert.Equal(isEl0Checked, TagCheck.IsChecked(registers, Low, isTaggedMapping: true));
        Assert.Equal(isEl1Checked, TagCheck.IsChecked(registers, Low, isTaggedMapping: true, level: ExceptionLevel.El1));
    }

    [Theory]
    [InlineData(0x0000_0000_0000_1000, true, false, false)]
    [InlineData(0x0000_0000_0000_1000, false, true, true)]
    [InlineData(0x0F00_0000_0000_1000, true, true, true)]
    [InlineData(0x0100_0000_0000_1000, true, true, true)]
    [InlineData(0xFFFF_0000_0000_1000, false, true, false)]
    [InlineData(0xFFFF_0000_0000_1000, true, false, true)]
    [InlineData(0xF0FF_0000_0000_1000, true, true, true)]
    public void TcmaExemptsTheMatchAllTagOfItsHalf(ulong address, bool tcma0, bool tcma1, bool isChecked)
    {
        MteRegisters registers = Enabled();
        registers.Tcma0 = tcma0;
        registers.Tcma1 = tcma1;

        Assert.Equal(isChecked, TagCheck.IsChecked(registers, address, isTaggedMapping: true));
    }

    [Theory]
    [InlineData(TagFaultMode.None, MismatchEffect.None, MismatchEffect.None)]
    [InlineData(TagFaultMode.Synchronous, MismatchEffect.Abort, MismatchEffect.Abort)]
    [InlineData(TagFaultMode.Asynchronous, MismatchEffect.Sticky, MismatchEffect.Sticky)]
    [InlineData(TagFaultMode.Asymmetric, MismatchEffect.Abort, MismatchEffect.Sticky)]
    public void TheModeSaysWhatAMismatchDoes(TagFaultMode mode, MismatchEffect read, MismatchEffect write)
    {
        Assert.Equal(read, TagCheck.EffectOf(mode, isWrite: false));
        Assert.Equal(write, TagCheck.EffectOf(mode, isWrite: true));
    }

    [Fact]
    public void AMismatchIsNotedForItsLevelAndHalf()
    {
        MteRegisters registers = Enabled();
        TagCheck.Note(registers, Low, ExceptionLevel.El0);
        Assert.Equal((TagFaultStatus.Tf0, TagFaultStatus.None), (registers.Tfsre0, registers.Tfsr));
        TagCheck.Note(registers, High, ExceptionLevel.El1);
        Assert.Equal((TagFaultStatus.Tf0, TagFaultStatus.Tf1), (registers.Tfsre0, registers.Tfsr));
        TagCheck.Note(registers, High, ExceptionLevel.El0);
        Assert.Equal(TagFaultStatus.Tf0 | TagFaultStatus.Tf1, registers.Tfsre0);
    }

    private static MteRegisters Enabled() => new() { Ata0 = true, Ata = true };
}
