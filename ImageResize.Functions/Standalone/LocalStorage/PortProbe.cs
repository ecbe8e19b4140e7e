namespace ImageResize.Functions.Standalone.LocalStorage;

internal enum PortState
{
    Free,
    Azurite,
    OtherProgram,
}

/// <summary>Finds out whether Azurite or another program listens on a port of this machine.</summary>
internal static class PortProbe
{
    // A busy Azurite may be slow, and a program that does not use HTTP may never respond.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static async Task<PortState> GetStateAsync(int port, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Timeout };

        try
        {
            using var reply = await client.GetAsync(
                new Uri($"http://127.0.0.1:{port}/"),
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken);

            // "Azurite-Blob/3.35.0". Sent also with the 400 that this request gets.
            return reply.Headers.Server.ToString().StartsWith("Azurite-", StringComparison.Ordinal)
                ? PortState.Azurite
                : PortState.OtherProgram;
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return PortState.Free;
        }
        catch (HttpRequestException)
        {
            return PortState.OtherProgram;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PortState.OtherProgram;
        }
    }
}
