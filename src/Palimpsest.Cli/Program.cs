using System.CommandLine;
using Palimpsest.Cli;
using Palimpsest.Vocabulary;

RootCommand root = new("Compares ways to lend the tag storage of Arm MTE, on recordings of real kernels.")
{
    CompareCommand.Create(),
    RunCommand.Create(),
    ExploreCommand.Create(),
    ReplayCommand.Create(),
    VerifyCommand.Create(),
    CensusCommand.Create(),
    InspectCommand.Create(),
    RecordCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"palimpsest: {parsed.Errors[0].Message} (see palimpsest --help)");
    return ExitCode.BadUsage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException exception)
{
    Console.Error.WriteLine($"palimpsest: {exception.Message}");
    return ExitCode.BadUsage;
}
catch (InputException exception)
{
    Console.Error.WriteLine($"palimpsest: {exception.Message}");
    return ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
