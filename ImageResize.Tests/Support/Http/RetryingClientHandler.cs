using System.Net;

namespace ImageResize.Tests.Support.Http;

/// <summary>
/// Sends a request again if storage is unavailable, as the response asks for. On a machine that stalls for seconds, this can happen
/// although storage is running.
/// </summary>
internal sealed class RetryingClientHandler() : DelegatingHandler(new HttpClientHandler())
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var left = 30; ; left--)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null || left == 0)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
