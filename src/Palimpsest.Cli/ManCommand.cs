using System.CommandLine;
using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest man: the manual, of the same words as --help.</summary>
internal static class ManCommand
{
    public static Command Create()
    {
        Command command = new("man", "The manual as a page for man: palimpsest man | man -l -");
        command.SetAction(parsed =>
        {
            Shown.Text(Page(Verbs.Root([])));
            return ExitCode.Holds;
        });
        return command;
    }

    private static string Page(RootCommand root)
    {
        StringBuilder page = new();
        page.Append(".TH PALIMPSEST 1\n.SH NAME\npalimpsest \\- lend the tag storage of Arm MTE\n.SH SYNOPSIS\n");
        page.Append(".B palimpsest\n.I VERB\n[\\fIARGUMENT\\fR...] [\\fIOPTION\\fR...]\n.SH DESCRIPTION\n");
        page.Append(Safe(root.Description)).Append("\n.SH VERBS\n");
        foreach (Command verb in root.Subcommands)
        {
            page.Append(".SS ").Append(verb.Name);
            page.AppendJoin("", verb.Arguments.Select(argument =>
                argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}"));
            page.Append('\n').Append(Safe(verb.Description)).Append('\n');
            foreach (Argument argument in verb.Arguments)
            {
                Entry(page, $"\\fI{argument.Name}\\fR", argument.Description);
            }

            foreach (Option option in verb.Options)
            {
                Entry(page, $"\\fB{Safe(option.Name)}\\fR" + (option.HelpName is { } name ? $" \\fI{Safe(name)}\\fR" : ""),
                    option.Description);
            }
        }

        page.Append(".SH EXIT STATUS\n");
        foreach ((int code, string words) in ExitCode.All)
        {
            Entry(page, InvariantText.Of($"{code}"), words);
        }

        return page.ToString();
    }

    private static void Entry(StringBuilder page, string head, string? words) =>
        page.Append(".TP\n").Append(head).Append('\n').Append(Safe(words)).Append('\n');

    /// <summary>Text that troff takes for text.</summary>
    private static string Safe(string? text)
    {
        string escaped = (text ?? "").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
