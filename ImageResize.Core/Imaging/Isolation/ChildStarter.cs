using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ImageResize.Core.Imaging.Isolation.Processes;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// Starts child processes from one thread that never ends: Linux ends a child process with the thread that started it, not with the
/// process (<see cref="ParentDeath"/>).
/// </summary>
internal static class ChildStarter
{
    private static readonly BlockingCollection<Request> Requests = [];

    static ChildStarter() => new Thread(Serve) { IsBackground = true, Name = "Child processes" }.Start();

    /// <summary>Blocks until the process has started.</summary>
    public static Process Start(Func<Process> start)
    {
        using var request = new Request(start);
        Requests.Add(request);
        request.Done.Wait();
        request.Failure?.Throw();

        return request.Process!;
    }

    private static void Serve()
    {
        foreach (var request in Requests.GetConsumingEnumerable())
        {
            try
            {
                request.Process = request.Start();
            }
            catch (Exception failure)
            {
                request.Failure = ExceptionDispatchInfo.Capture(failure);
            }

            request.Done.Set();
        }
    }

    private sealed class Request(Func<Process> start) : IDisposable
    {
        public Func<Process> Start { get; } = start;

        public ManualResetEventSlim Done { get; } = new();

        public Process? Process { get; set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        public void Dispose() => Done.Dispose();
    }
}
