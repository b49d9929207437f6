using Palimpsest.Lab.Snapshots;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>A kernel log tells of memory in the sentences of Linux 5.10 to 6.12.</summary>
public sealed class KernelLogTests
{
    [Fact]
    public void TheFirstSentencesTellTheMachine()
    {
        KernelLog log = KernelLog.Read(
        [
            "[    0.000000] Linux version 6.12.95+deb12-arm64 (debian-kernel@lists.debian.org) (gcc) #1 SMP",
            "[    0.000000] Machine model: linux,dummy-virt\r",
            "[    0.000000] Kernel command line: console=ttyAMA0 cma=160M ",
            "[    0.000000] Memory: 98324K/458752K available (13248K kernel code, 163840K cma-reserved)",
            "[    9.000000] Linux version 5.4.0 (a quotation)",
        ], "dmesg");

        Assert.Equal(("6.12.95+deb12-arm64", "linux,dummy-virt", "console=ttyAMA0 cma=160M", 458752UL << 10, true),
            (log.Release, log.Model, log.CommandLine, log.RamBytes, log.HasBoot));
        Assert.Empty(log.CmaPools);
    }

    [Fact]
    public void ALogThatBeginsLaterTellsNothing()
    {
        KernelLog log = KernelLog.Read(["[  636.5] 16384 pages cma reserved", "usb 1-1: new device"], "dmesg");

        Assert.False(log.HasBoot);
        Assert.Equal((null, null, null, null), (log.Release, log.Model, log.CommandLine, log.RamBytes));
    }

    [Theory]
    [InlineData("cma: Reserved 64 MiB at 0x000000002ac00000 on node -1")]
    [InlineData("Reserved memory: created CMA memory pool at 0x000000002ac00000, size 64 MiB")]
    [InlineData("OF: reserved mem: 0x000000002ac00000..0x000000002ebfffff (65536 KiB) map reusable linux,cma")]
    public void EverySentenceGivesItsPlace(string sentence)
    {
        KernelLog log = KernelLog.Read([$"[    0.000000] {sentence}"], "dmesg");

        Assert.Equal((0x2ac00000UL, 64UL << 20), (Assert.Single(log.CmaPools).Range.Start.Value, log.CmaPools[0].Range.Bytes));
    }

    [Fact]
    public void OneAreaInThreeSentencesIsOneArea() => Assert.Single(KernelLog.Read(
    [
        "Reserved memory: created CMA memory pool at 0x000000002ac00000, size 64 MiB",
        "OF: reserved mem: initialized node linux,cma, compatible id shared-dma-pool",
        "OF: reserved mem: 0x000000002ac00000..0x000000002ebfffff (65536 KiB) map reusable linux,cma",
    ], "dmesg").CmaPools);

    [Theory]
    [InlineData("OF: reserved mem: 0x0000000060000000..0x0000000060ffffff (16384 KiB) nomap non-reusable fw@60000000")]
    [InlineData("OF: reserved mem: 0x0000000060000000..0x0000000060ffffff (16384 KiB) map non-reusable fw@60000000")]
    [InlineData("cma: Reserved 0 MiB at 0x0000000060000000")]
    [InlineData("cma: Reserved 64 MiB at 0xffffffffff000000")]
    [InlineData("cma: Reserved 9999999 MiB at 0x000ffffffff00000")]
    public void OtherReservationsAreNoAreas(string sentence) => Assert.Empty(KernelLog.Read([sentence], "dmesg").CmaPools);

    [Fact]
    public void TagStorageIsNoArea() => Assert.Empty(KernelLog.Read(
    [
        "OF: reserved mem: initialized node tag-storage@60000000, compatible id arm,mte-tag-storage",
        "OF: reserved mem: 0x0000000060000000..0x0000000060ffffff (16384 KiB) map reusable tag-storage@60000000",
    ], "dmesg").CmaPools);

    [Theory]
    [InlineData("cma: CMA area camera could not be activated", "camera")]
    [InlineData("OF: reserved mem: failed to allocate memory for node 'camera': size 64 MiB", "camera")]
    [InlineData("OF: reserved mem: node camera compatible matching fail", "camera")]
    [InlineData("Reserved memory: bypass camera node, using cmdline CMA params instead", "camera")]
    [InlineData("cma: Failed to reserve 512 MiB", "reserved")]
    [InlineData("cma: CMA area reserved could not be activated", "reserved")]
    public void WhatFailedIsKnownByItsName(string sentence, string name)
    {
        KernelLog log = KernelLog.Read(
        [
            "cma: Reserved 16 MiB at 0x0000000050000000",
            "Reserved memory: created CMA memory pool at 0x000000002ac00000, size 64 MiB",
            "OF: reserved mem: initialized node camera, compatible id shared-dma-pool",
            sentence,
        ], "dmesg");

        Assert.Equal([name], log.FailedPools);
        Assert.Equal(name == "camera" ? 0x50000000UL : 0x2ac00000UL, Assert.Single(log.CmaPools).Range.Start.Value);
    }

    [Fact]
    public void MeminfoCountsBytes()
    {
        Assert.Equal(1989376UL << 10, MemInfo.TotalBytes(["MemTotal:        1989376 kB", "MemFree: 1 kB"]));
        Assert.Null(MemInfo.TotalBytes(["MemFree: 1 kB"]));
        Assert.Null(MemInfo.TotalBytes(["MemTotal: 99999999999999999999 kB"]));
    }
}
