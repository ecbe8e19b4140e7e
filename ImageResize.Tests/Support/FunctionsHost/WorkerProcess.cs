using System.Diagnostics;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>One process of a worker, started with the command line and the environment that the real host gives it.</summary>
internal sealed class WorkerProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Completes with the exit code. Does not wait for the outputs, which a child of the worker may hold open.</summary>
    public Task<int> Exit => _exit.Task;

    /// <param name="settings">App settings, which are environment variables to the worker.</param>
    public static WorkerProcess Start(
        FunctionApp app,
        string workerId,
        Uri host,
        IReadOnlyDictionary<string, string> settings,
        Action<string?> log)
    {
        var (executable, worker) = app.Command;
        var request = Guid.NewGuid().ToString();
        const string maxMessageLength = "2147483647";
        var start = new ProcessStartInfo(
            executable,
            [
                Path.Combine(
                    app.Root, worker), "--host", host.Host, "--port", $"{host.Port}", "--workerId", workerId, "--requestId", request,
                "--grpcMaxMessageLength", maxMessageLength, "--functions-uri", host.ToString(), "--functions-worker-id", workerId,
                "--functions-request-id", request, "--functions-grpc-max-message-length", maxMessageLength,
            ])
        {
            WorkingDirectory = app.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Root,
                ["FUNCTIONS_WORKER_DIRECTORY"] = app.Root,

                // The address of the host, which is in use.
                ["ASPNETCORE_URLS"] = host.ToString(),
            },
        };
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var started = new WorkerProcess(process);
        process.Exited += (_, _) => started._exit.TrySetResult(process.ExitCode);
        process.OutputDataReceived += (_, line) => log(line.Data);
        process.ErrorDataReceived += (_, line) => log(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        return started;
    }

    /// <summary>Sends SIGKILL to this process alone, not to its children.</summary>
    public void Kill() => _process.Kill();
}
