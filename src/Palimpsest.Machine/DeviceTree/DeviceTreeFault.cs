using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>The one form of complaint about a tree: file, byte, what is wrong, what to do.</summary>
internal static class DeviceTreeFault
{
    public static InputException At(string file, long offset, string problem, string remedy) =>
        new($"{file}: byte {offset}: {problem}; {remedy}");

    public static InputException Damaged(string file, long offset, string problem) =>
        At(file, offset, problem, "the tree is damaged: copy or compile it again");
}
