namespace ImageResize.Tests.Faults.Apps;

/// <summary>The program in a process of its own, which a test may kill: who keeps it starts it again.</summary>
internal interface IKeptApp : IAsyncDisposable
{
    /// <summary>How often it has died, or ended by itself with an error.</summary>
    int Exits { get; }

    /// <summary>Of the process that runs now.</summary>
    int ProcessId { get; }

    string Output { get; }

    /// <exception cref="HttpRequestException">It is not there at the moment.</exception>
    Task<(int Status, string Body)> SendAsync(HttpMethod method, string address);

    /// <summary>kill -9; now and then of all that keeps it, too.</summary>
    Task KillAsync();
}
