using Azure;

namespace ImageResize.Core.Storage;

/// <summary>Tells what an exception of storage means, to callers and in words for the operator.</summary>
public static class StorageFault
{
    /// <summary>Storage takes a request for forged when its date is further away than this.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(15);

    /// <summary>A wrong key or a wrong clock: nothing works until the operator has put it right, and then everything does.</summary>
    private const string NotAuthentic = "AuthenticationFailed";

    /// <summary>Whether storage is away or busy, and asking again later may help.</summary>
    public static bool IsPassing(Exception exception) => exception switch
    {
        RequestFailedException failure => failure.Status is 0 or 408 or 429 or >= 500 || CodeOf(failure) == NotAuthentic,
        AggregateException several => several.InnerExceptions.All(IsPassing),
        _ => exception is TaskCanceledException or TimeoutException or UnknownRowException,
    };

    public static string Explain(Exception exception, DateTimeOffset now) => exception switch
    {
        RequestFailedException failure => Explain(failure, now),
        UnknownRowException unknown => unknown.Message,
        _ => "does not answer",
    };

    /// <summary>What the operator should know. The exception's own message would also tell addresses and headers.</summary>
    public static string Explain(RequestFailedException failure, DateTimeOffset now) => failure switch
    {
        { Status: 0 } => "does not answer",
        { Status: 401 or 403 } when failure.GetRawResponse()?.Headers.Date is { } theirs && (now - theirs).Duration() > MostSkew =>
            $"refuses us: our clock says {now:u}, storage's {theirs:u}",
        { Status: 401 or 403 } => $"refuses us ({CodeOf(failure)}): the key, or what the identity may do, is wrong",
        _ => $"answers {failure.Status} ({CodeOf(failure)})",
    };

    /// <summary>From the header where a service sent no body.</summary>
    private static string? CodeOf(RequestFailedException failure) =>
        failure.ErrorCode ?? (failure.GetRawResponse() is { } answer && answer.Headers.TryGetValue("x-ms-error-code", out var code) ? code : null);
}
