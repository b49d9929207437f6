using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Palimpsest.Designs;
using Palimpsest.Kernel;

namespace Palimpsest.Laws.Tests;

/// <summary>
/// Boundaries that keep the model honest are read off the sources: what a design sees, where memory is raw, what is deterministic.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Deterministic =
        ["Palimpsest.Vocabulary", "Palimpsest.Steps", "Palimpsest.Exploration", "Palimpsest.Machine", "Palimpsest.A64",
            "Palimpsest.Kernel", "Palimpsest.Designs", "Palimpsest.Races"];

    /// <summary>All that a design may name: the questions of the kernel, and the ways to lend that it knows.</summary>
    private const string Ports = "Palimpsest.Kernel.Ports";
    private const string Homes = "Palimpsest.Kernel.TagStorage.Homes";

    public static TheoryData<string> DeterministicProjects() => [.. Deterministic];

    [Fact]
    public void DesignsSeeTheKernelThroughItsPortsAlone()
    {
        foreach ((string file, string code) in SourceTree.Files("Palimpsest.Designs"))
        {
            foreach (Match name in KernelName().Matches(code))
            {
                Assert.True(name.Value is Ports or Homes, $"{file} names {name.Value}");
            }
        }
    }

    [Fact]
    public void DesignsNameNoKernelTypeOutsideThePorts()
    {
        string[] forbidden = [.. typeof(Kernel.MemorySystem).Assembly.GetTypes()
            .Where(type => type.Namespace is { } space && space.StartsWith("Palimpsest.Kernel", StringComparison.Ordinal) && space != Ports
                && space != Homes && !type.IsNested && !IsGenerated(type))
            .Select(type => type.FullName!)];
        MetadataReferences references = new(typeof(DesignCatalog).Assembly);

        Assert.NotEmpty(forbidden);
        Assert.Empty(references.Types.Intersect(forbidden));
    }

    [Fact]
    public void RawMemoryIsTouchedInTheHardwareOnly()
    {
        foreach (string project in SourceTree.Projects().Where(project => project is not ("Palimpsest.Machine" or "Palimpsest.A64")))
        {
            foreach ((string file, string code) in SourceTree.Files(project))
            {
                Assert.False(RawMemory().IsMatch(code), $"{file}: {RawMemory().Match(code).Value}");
            }

            Assert.DoesNotContain("AllowUnsafeBlocks", File.ReadAllText(SourceTree.ProjectFile(project)));
        }
    }

    [Theory]
    [MemberData(nameof(DeterministicProjects))]
    public void TheModelReadsNoClockNoFileAndNoChance(string project)
    {
        foreach ((string file, string code) in SourceTree.Files(project))
        {
            Assert.False(OutsideWorld().IsMatch(code), $"{file}: {OutsideWorld().Match(code).Value}");
        }
    }

    [Theory]
    [MemberData(nameof(DeterministicProjects))]
    public void TheModelKeepsNoStateInStatics(string project)
    {
        IEnumerable<string> mutable = Assembly.Load(project).GetTypes()
            .Where(type => !IsGenerated(type))
            .SelectMany(
                type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");

        Assert.Empty(mutable);
    }

    [Theory]
    [InlineData("Palimpsest.Vocabulary", "")]
    [InlineData("Palimpsest.Steps", "Vocabulary")]
    [InlineData("Palimpsest.Exploration", "Steps Vocabulary")]
    [InlineData("Palimpsest.Machine", "Vocabulary")]
    [InlineData("Palimpsest.A64", "Machine Vocabulary")]
    [InlineData("Palimpsest.Userland", "A64 Kernel Steps Machine Vocabulary")]
    [InlineData("Palimpsest.Traces", "Vocabulary")]
    [InlineData("Palimpsest.Kernel", "Steps Machine Vocabulary")]
    [InlineData("Palimpsest.Designs", "Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Races", "Userland Designs Exploration Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Lab", "Userland Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Reports", "Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.View", "Reports Lab Traces Vocabulary")]
    [InlineData("Palimpsest.Library", "Reports Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Sweeps", "Reports Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Summaries", "Sweeps Reports Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Nats", "Sweeps Reports Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    [InlineData("Palimpsest.Cli", "View Summaries Nats Sweeps Reports Lab Races Traces Designs Steps Kernel Machine Vocabulary")]
    public void ArrowsPointDownOnly(string project, string below)
    {
        IEnumerable<string> references = XDocument.Load(SourceTree.ProjectFile(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(below.Split(' ').Select(name => "Palimpsest." + name)));
    }

    [Theory]
    [InlineData("int* p = stackalloc; unsafe { }", true)]
    [InlineData("MemoryMarshal.Cast<byte, int>(span)", true)]
    [InlineData("Unsafe.Add(ref x, 1)", true)]
    [InlineData("notunsafe = 1; SafeUnsafely();", false)]
    public void TheScanForRawMemoryFindsIt(string code, bool isRaw) => Assert.Equal(isRaw, RawMemory().IsMatch(code));

    [Theory]
    [InlineData("DateTime.UtcNow", true)]
    [InlineData("Stopwatch.GetTimestamp()", true)]
    [InlineData("new Thread(Run)", true)]
    [InlineData("new Random(3)", true)]
    [InlineData("Random.Shared.Next()", true)]
    [InlineData("File.ReadAllText(path)", true)]
    [InlineData("draft.File.Length", false)]
    [InlineData("world.Thread(1)", false)]
    [InlineData("System.Threading.Thread.Yield()", true)]
    [InlineData("$\"{File}: bad\"", false)]
    [InlineData("RandomAccessible", false)]
    public void TheScanForTheOutsideWorldFindsIt(string code, bool isOutside) => Assert.Equal(isOutside, OutsideWorld().IsMatch(code));

    [GeneratedRegex(@"\bPalimpsest\.Kernel(\.\w+)*")]
    private static partial Regex KernelName();

    [GeneratedRegex(@"\bunsafe\b(?!-)|\bMemoryMarshal\b|\bUnsafe\.|\bCollectionsMarshal\b")]
    private static partial Regex RawMemory();

    [GeneratedRegex(
        @"\bSystem\.Threading\b|(?<!\.)\b(DateTime|DateTimeOffset|TimeProvider|Stopwatch|Thread|ThreadPool|"
        + @"Task|Parallel|Guid|Random|RandomNumberGenerator|Environment|Console)\b(?=[.\s(<?])|"
        + @"(?<![.\w])(File|Directory|FileStream|Timer)\.|\bProcess\.(Start|GetCurrentProcess|GetProcesses)|"
        + @"\bnew (FileStream|Timer|Process)\b|\bThreadStatic\b|\bAsyncLocal\b")]
    private static partial Regex OutsideWorld();

    private static bool IsGenerated(Type type) => type.Name.Contains('<') || type.IsDefined(typeof(CompilerGeneratedAttribute));
}
