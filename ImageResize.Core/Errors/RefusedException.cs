namespace ImageResize.Core.Errors;

/// <summary>The caller's input is at fault: trying again fails the same way, so it is a result or an answer, and never retried.</summary>
/// <param name="code">Says which error it is; stable.</param>
/// <param name="message">
/// For the caller: says what is wrong, the limit, and what to do. Never contains a path outside the roots, a key, a query string or a
/// stack.
/// </param>
/// <param name="cause">The library's own exception, for a debugger.</param>
public sealed class RefusedException(ErrorCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public ErrorCode Code { get; } = code;

    /// <summary>The HTTP status when the refusal is the answer to a request; usually the code's own.</summary>
    public int Status { get; init; } = code.Status;

    /// <summary>When the same request may succeed; null if that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
