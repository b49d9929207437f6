namespace Palimpsest.Vocabulary;

/// <summary>
/// Files that people have beside recordings and device trees, told by their first bytes as file(1) does: each by its name, and what
/// to do with it. They are read by nobody here.
/// </summary>
public static class ForeignFile
{
    private const string TreeOfThePhone = "or give /sys/firmware/fdt of the running machine";

    private static readonly (byte[] Magic, int At, string What)[] Kinds =
    [
        ([.. "PK\x03\x04"u8], 0, "a zip; unpack it and give the file inside"),
        ([.. "PK\x05\x06"u8], 0, "an empty zip; give a recording"),
        ([0xfd, .. "7zXZ"u8, 0], 0, "packed with xz; unpack it: xz -d FILE"),
        ([.. "BZh"u8], 0, "packed with bzip2; unpack it: bzip2 -d FILE"),
        ([0x04, 0x22, 0x4d, 0x18], 0, "packed with lz4; unpack it: lz4 -d FILE"),
        ([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], 0, "a 7z archive; unpack it and give the file inside"),
        ([.. "Rar!\x1a\x07"u8], 0, "a rar archive; unpack it and give the file inside"),
        ([.. "ustar"u8], 257, "a tar archive; unpack it and give the file inside"),
        ([.. "ANDROID!"u8], 0, $"an Android boot image; take its device tree out (unpack_bootimg), {TreeOfThePhone}"),
        ([.. "VNDRBOOT"u8], 0, $"an Android vendor boot image; take its device tree out (unpack_bootimg), {TreeOfThePhone}"),
        ([0xd7, 0xb7, 0xab, 0x1e], 0, $"an Android DTBO image, a table of overlays; take one out (mkdtboimg dump), {TreeOfThePhone}"),
        ([.. "QCDT"u8], 0, $"a Qualcomm table of device trees; take one out (split at d00dfeed), {TreeOfThePhone}"),
        ([.. "DTBH"u8], 0, $"a Samsung table of device trees; take one out (split at d00dfeed), {TreeOfThePhone}"),
        ([.. "ARM\x64"u8], 56, $"a kernel image of arm64; give a device tree (.dtb), {TreeOfThePhone}"),
        ([0xd0, 0x0d, 0xfe, 0xed], 0, "a device tree; it goes with --board FILE, or alone with inspect FILE"),
        ([0x7f, .. "ELF"u8], 0, "an ELF file: a program, a kernel or a core dump, and no recording"),
        ([.. "KDUMP   "u8], 0, "a crash dump; take the trace out of it with crash (extension trace: trace dump -t FILE)"),
        ([.. "PERFFILE"u8], 0, "a perf.data of version 1, of 2009; print it with the perf of its time: perf script"),
        ([0xc1, 0x1f, 0xfc, 0xc1], 0, "a stream of an LTTng trace (CTF), which is not read; record with ftrace, trace-cmd or perf"),
        ([0xc1, 0xfc, 0x1f, 0xc1], 0, "a stream of an LTTng trace (CTF), which is not read; record with ftrace, trace-cmd or perf"),
        ([0x57, 0x1d, 0xd1, 0x75], 0, "the metadata of an LTTng trace (CTF), which is not read; record with ftrace, trace-cmd or perf"),
        ([.. "/* CTF 1."u8], 0, "the metadata of an LTTng trace (CTF), which is not read; record with ftrace, trace-cmd or perf"),
        ([.. "/dts-v1/;"u8], 0, "the source of a device tree; compile it: dtc -I dts -O dtb -o FILE.dtb FILE.dts"),
        ([.. "SQLite format 3\0"u8], 0, "a database of SQLite; give the recording that it was made of"),
        ([.. "%PDF-"u8], 0, "a PDF; give the recording that it tells of"),
        ([0x89, .. "PNG"u8], 0, "a picture; give the recording that it was made of"),
    ];

    /// <summary>What a file is, and what to do, after "this is"; null if it is none of these.</summary>
    /// <param name="head">Its first bytes; 262 tell all kinds.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] magic, int at, string what) in Kinds)
        {
            if (head.Length >= at + magic.Length && head[at..].StartsWith(magic))
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>The first bytes as people look them up: "7f 45 4c 46".</summary>
    public static string FirstBytes(ReadOnlySpan<byte> head) =>
        string.Join(' ', Convert.ToHexStringLower(head[..Math.Min(head.Length, 8)]).Chunk(2).Select(pair => new string(pair)));
}
