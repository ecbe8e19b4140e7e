namespace ImageResize.Tests.Faults.Apps;

/// <summary>The program in its own process, which a test can kill. It is started again.</summary>
internal interface IRestartedApp : IAsyncDisposable
{
    /// <summary>How often the process was killed or ended with an error.</summary>
    int Exits { get; }

    /// <summary>The id of the running process.</summary>
    int ProcessId { get; }

    string Output { get; }

    /// <exception cref="HttpRequestException">The program is not running at the moment.</exception>
    Task<(int Status, string Body)> SendAsync(HttpMethod method, string address);

    /// <summary>Sends SIGKILL to the process, and under the host sometimes to the host too.</summary>
    Task KillAsync();
}
