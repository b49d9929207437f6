using System.CommandLine;
using Palimpsest.Cli;

return await Failure.Told(async () =>
{
    string[] words = Verbs.Meant(args);
    ParseResult parsed = Verbs.Root(words).Parse(words);
    if (parsed.Errors.Count > 0)
    {
        Failure.Tell(Verbs.Complaint(parsed));
        return ExitCode.BadUsage;
    }

    using StringWriter help = new();
    int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = help });
    if (help.GetStringBuilder().Length > 0)
    {
        Shown.Text(help.ToString());
    }

    return code;
});
