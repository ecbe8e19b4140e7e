using System.Net;

namespace ImageResize.Tests.Support.Http;

/// <summary>
/// Asks again where the answer is that storage does not answer now, as callers are told to. On a machine that stalls for some seconds that
/// can be the answer, although storage is there.
/// </summary>
internal sealed class PatientCaller() : DelegatingHandler(new HttpClientHandler())
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
