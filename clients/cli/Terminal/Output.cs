using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ImageResize.Cli.Results;
using Spectre.Console;

namespace ImageResize.Cli.Terminal;

/// <summary>Results go to standard output, as text or JSON; progress, messages and questions go to standard error.</summary>
internal sealed class Output(bool isJson)
{
    /// <summary>Tables are not wrapped if a program reads them.</summary>
    private const int PipeWidth = 500;

    private readonly IAnsiConsole _results = Create(Console.Out, Console.IsOutputRedirected);
    private readonly IAnsiConsole _messages = Create(Console.Error, Console.IsErrorRedirected);

    private bool IsLive => !isJson && _messages.Profile.Out.IsTerminal;

    /// <summary>Prints a result.</summary>
    public void Write<T>(T result, JsonTypeInfo<T> type, string text)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, type));
        }
        else
        {
            Console.Out.WriteLine(Printable.Of(text));
        }
    }

    /// <summary>Prints a table of results. JSON has its content elsewhere.</summary>
    public void Write(Table table)
    {
        if (!isJson)
        {
            _results.Write(table);
        }
    }

    public void Note(string message)
    {
        if (!isJson)
        {
            Console.Error.WriteLine(Printable.Of(message));
        }
    }

    public int Fail(int exitCode, string code, string message)
    {
        if (isJson)
        {
            var failure = new FailureReport(new ReportedError(code, message));
            Console.Out.WriteLine(JsonSerializer.Serialize(failure, CliJson.Default.FailureReport));
        }
        else
        {
            _messages.Write(new Text(Printable.Of(message) + '\n', new Style(Color.Red)));
        }

        return exitCode;
    }

    /// <returns>False also if input or output is redirected.</returns>
    public bool Ask(string question)
    {
        if (!IsLive || Console.IsInputRedirected)
        {
            return false;
        }

        Console.Error.Write($"{question} [y/N] ");

        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Runs work, and shows its progress in a terminal.</summary>
    public Task<T> ShowAsync<T>(string title, Func<ProgressReport, Task<T>> work) =>
        !IsLive ? work(new ProgressReport(task: null)) : _messages.Progress()
            .Columns(
                new TitleColumn(),
                new ProgressBarColumn { Width = 30 },
                new CountColumn(),
                new RateColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressReport(context.AddTask(title, autoStart: true, maxValue: 1))));

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (isRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
