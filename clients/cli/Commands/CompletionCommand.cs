using System.CommandLine;

namespace ImageResize.Cli.Commands;

/// <summary>Prints a script that completes commands and options in a shell.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # Add to ~/.bashrc: eval "$(imageresize completion bash)"
            _imageresize() {
              local suggestions=$(imageresize "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null)
              mapfile -t COMPREPLY < <(compgen -W "$suggestions" -- "${COMP_WORDS[COMP_CWORD]}")
            }
            complete -o default -F _imageresize imageresize
            """,
        ["zsh"] = """
            # Add to ~/.zshrc after compinit: eval "$(imageresize completion zsh)"
            _imageresize() {
              local -a suggestions=("${(@f)$(imageresize "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null)}")
              compadd -- $suggestions
              _files
            }
            compdef _imageresize imageresize
            """,
        ["fish"] = """
            # Add to ~/.config/fish/config.fish: imageresize completion fish | source
            complete -c imageresize -a '(imageresize "[suggest:"(commandline -C)"]" (commandline -cp) 2> /dev/null)'
            """,
        ["pwsh"] = """
            # Add to $PROFILE: imageresize completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName imageresize -ScriptBlock {
              param($word, $line, $position)
              imageresize "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes commands and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);

            return ExitCode.Success;
        });

        return command;
    }
}
