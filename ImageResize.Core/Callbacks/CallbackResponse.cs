using System.Net;

namespace ImageResize.Core.Callbacks;

/// <summary>The outcome of one attempt.</summary>
/// <param name="Status">The HTTP status; null if there was no response.</param>
/// <param name="FailureReason">Why the attempt failed; null if it succeeded. Never contains the address.</param>
/// <param name="RetryAfter">The delay that the receiver asked for.</param>
internal sealed record CallbackResponse(int? Status, string? FailureReason, TimeSpan? RetryAfter = null)
{
    public bool IsDelivered => FailureReason is null;

    /// <summary>Whether the receiver refuses further attempts.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    public static CallbackResponse Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return new CallbackResponse(status, FailureReason: null);
        }

        var retryAfter = response.Headers.RetryAfter;

        return new CallbackResponse(status, $"The receiver answered {status}.", retryAfter?.Delta ?? retryAfter?.Date - now);
    }
}
