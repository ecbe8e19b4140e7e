namespace ImageResize.Client.Http;

/// <summary>Reads server-sent events, of which the service sends one at least every 15 seconds.</summary>
internal sealed class EventReader(Stream stream) : IDisposable
{
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);

    private readonly StreamReader _reader = new(stream);

    /// <returns>Null if the stream has ended, the connection is broken, or nothing has arrived for a minute.</returns>
    public async Task<(string Name, string Data)?> ReadAsync(CancellationToken cancellationToken)
    {
        var (name, data) = ("message", "");
        while (await FindLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                return (name, data);
            }

            (name, data) = line.Split(": ", 2) switch
            {
                ["event", var value] => (value, data),
                ["data", var value] => (name, data + value),
                _ => (name, data),
            };
        }

        return null;
    }

    public void Dispose() => _reader.Dispose();

    private async Task<string?> FindLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadLineAsync(cancellationToken).AsTask().WaitAsync(MaxSilence, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or TimeoutException)
        {
            return null;
        }
    }
}
