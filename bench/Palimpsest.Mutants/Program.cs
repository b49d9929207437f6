using Palimpsest.Mutants;

// Usage: dotnet run --project bench/Palimpsest.Mutants -- TREE [ID...] [--suites Kernel,Laws,Races] [--minutes 12]
// TREE is a copy of the repository that may be changed (git worktree add TREE); the mutants are those of its bench/mutants.
const string DefaultSuites = "Kernel,Races,Lab,Laws";
string root = args[0];
string suites = Option("--suites") ?? DefaultSuites;
TimeSpan time = TimeSpan.FromMinutes(int.Parse(Option("--minutes") ?? "12", System.Globalization.CultureInfo.InvariantCulture));
string[] wanted = [.. args.Skip(1).TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
Mutant[] mutants = [.. Directory.GetFiles(Path.Combine(root, "bench", "mutants"), "*.txt").Order(StringComparer.Ordinal).Select(Mutant.Read)
    .Where(mutant => wanted.Length == 0 || wanted.Contains(mutant.Id))];

foreach (Mutant mutant in mutants)
{
    mutant.In(root);
}

Trials trials = new(root, suites.Split(','), time);
trials.Build();
int caught = 0;
Console.WriteLine("| mutant | the rule that it breaks | caught by | |\n|---|---|---|---|");
foreach (Mutant mutant in mutants)
{
    Verdict verdict = trials.Try(mutant);
    caught += verdict.Suite is null ? 0 : 1;
    string by = verdict.Suite is null ? "**survived**" : $"{verdict.Suite}: {verdict.Test}";
    Console.WriteLine(FormattableString.Invariant($"| {mutant.Id} | {mutant.Rule} | {by} | {verdict.Took.TotalSeconds:f0} s |"));
}

Console.WriteLine($"\n{caught} of {mutants.Length} caught.");
return caught == mutants.Length ? 0 : 1;

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
