using System.Net;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>How one attempt went.</summary>
/// <param name="Status">None when there was no answer.</param>
/// <param name="FailureReason">In words of ours; none when it went well.</param>
/// <param name="RetryAfter">What the receiver asked for.</param>
internal sealed record CallbackAnswer(int? Status, string? FailureReason, TimeSpan? RetryAfter = null)
{
    public bool IsDelivered => FailureReason is null;

    /// <summary>The receiver wants no more of it.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    public static CallbackAnswer Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
        {
            return new CallbackAnswer(status, FailureReason: null);
        }

        var retryAfter = answer.Headers.RetryAfter;

        return new CallbackAnswer(status, $"The receiver answered {status}.", retryAfter?.Delta ?? retryAfter?.Date - now);
    }
}
