namespace ImageResize.Client.Http;

/// <summary>A request that can be sent several times.</summary>
/// <param name="Address">Relative to that of the service, without a slash at the start.</param>
internal sealed record ApiRequest(HttpMethod Method, string Address)
{
    public Func<HttpContent>? Content { get; init; }

    /// <summary>With a key, the service executes a repeated request once.</summary>
    public string? IdempotencyKey { get; init; }

    public string? Accept { get; init; }

    /// <summary>Whether the response is read while it arrives.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>False if the body can be read only once.</summary>
    public bool CanRepeat { get; init; } = true;

    public static ApiRequest Get(string address) => new(HttpMethod.Get, address);

    public HttpRequestMessage CreateMessage(Uri address)
    {
        var message = new HttpRequestMessage(Method, address) { Content = Content?.Invoke() };
        if (IdempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", IdempotencyKey);
        }

        if (Accept is not null)
        {
            message.Headers.Add("Accept", Accept);
        }

        return message;
    }
}
