using System.CommandLine;
using System.CommandLine.Completions;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest completion: a script with which a shell completes verbs, options and names.</summary>
internal sealed class CompletionCommand
{
    private const string Bash = """
        # eval "$(palimpsest completion bash)"
        _palimpsest() {
            mapfile -t COMPREPLY < <(compgen -W "$(palimpsest "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" \
                -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _palimpsest palimpsest

        """;

    private const string Zsh = """
        # eval "$(palimpsest completion zsh)"
        _palimpsest() {
            local -a words_there
            words_there=("${(@f)$(palimpsest "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
            compadd -a words_there || _files
        }
        compdef _palimpsest palimpsest

        """;

    private const string Fish = """
        # palimpsest completion fish | source
        complete -c palimpsest -a '(palimpsest "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'

        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish", HelpName = "SHELL" };

    public static Command Create() => new CompletionCommand().Build();

    private Command Build()
    {
        _shell.CompletionSources.Add(_ => Scripts.Keys.Select(name => new CompletionItem(name)));
        Command command = new("completion", "A script with which your shell completes verbs, options and names.") { _shell };
        command.SetAction(parsed =>
        {
            string shell = parsed.GetValue(_shell)!;
            Shown.Text(Scripts.GetValueOrDefault(shell)
                ?? throw new UsageException($"completion {shell}: give {string.Join(", ", Scripts.Keys)}"));
            return ExitCode.Holds;
        });
        return command;
    }
}
