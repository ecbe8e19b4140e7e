using Azure;

namespace ImageResize.Core.Storage.Resilience;

/// <summary>Classifies exceptions of storage requests, and explains them to the operator.</summary>
public static class StorageFault
{
    /// <summary>Storage rejects requests whose date differs from its own time by more than this.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(15);

    /// <summary>The error of a wrong key or clock. Requests succeed again after the operator has corrected it.</summary>
    private const string AuthenticationFailed = "AuthenticationFailed";

    /// <summary>Whether storage is unavailable or busy, so that the same request can succeed later.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RequestFailedException failure => failure.Status is 0 or 408 or 429 or >= 500 || CodeOf(failure) == AuthenticationFailed,
        AggregateException several => several.InnerExceptions.All(IsTransient),
        _ => exception is TaskCanceledException or TimeoutException or UnknownRowException,
    };

    public static string Explain(Exception exception, DateTimeOffset now) => exception switch
    {
        RequestFailedException failure => Explain(failure, now),
        UnknownRowException unknown => unknown.Message,
        _ => "does not answer",
    };

    /// <summary>Explains the fault without addresses and headers, which the exception's own message contains.</summary>
    public static string Explain(RequestFailedException failure, DateTimeOffset now) => failure switch
    {
        { Status: 0 } => "does not answer",
        { Status: 401 or 403 } when failure.GetRawResponse()?.Headers.Date is { } theirs && (now - theirs).Duration() > MaxClockSkew =>
            $"rejects requests: this machine's clock is {now:u}, storage's is {theirs:u}",
        { Status: 401 or 403 } => $"rejects requests ({CodeOf(failure)}): the key is wrong, or the identity lacks a role",
        _ => $"answers {failure.Status} ({CodeOf(failure)})",
    };

    /// <summary>Some responses have the error code only in a header.</summary>
    private static string? CodeOf(RequestFailedException failure) =>
        failure.ErrorCode
        ?? (failure.GetRawResponse() is { } response && response.Headers.TryGetValue("x-ms-error-code", out var code) ? code : null);
}
