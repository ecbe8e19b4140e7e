namespace ImageResize.Functions.Development;

internal enum PortHolder
{
    Nobody,
    Azurite,
    SomethingElse,
}

/// <summary>Asks who listens on a port of this machine.</summary>
internal static class PortProbe
{
    // A busy Azurite may take its time; a program that does not speak HTTP may never answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<PortHolder> AskAsync(int port, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };

        try
        {
            using var reply = await client.GetAsync(
                new Uri($"http://127.0.0.1:{port}/"),
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken);

            // "Azurite-Blob/3.35.0"; also on the 400 that this bare request earns.
            return reply.Headers.Server.ToString().StartsWith("Azurite-", StringComparison.Ordinal)
                ? PortHolder.Azurite
                : PortHolder.SomethingElse;
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return PortHolder.Nobody;
        }
        catch (HttpRequestException)
        {
            return PortHolder.SomethingElse;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PortHolder.SomethingElse;
        }
    }
}
