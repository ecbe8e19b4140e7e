using System.Net.Http.Headers;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Web;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>Calls a receiver once. As with web sources, whatever the address or its name's owner say, we stay outside.</summary>
public sealed class CallbackSender : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly CallbackOptions _options;
    private readonly PublicAddressRules _publicOnes;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _clock;

    public CallbackSender(IOptions<CallbackOptions> options, IAddressPolicy policy, IResolver resolver, TimeProvider clock)
    {
        _options = options.Value;
        _publicOnes = new PublicAddressRules(policy);
        _http = new HttpMessageInvoker(WebHandler.Create(new PublicConnector(policy, resolver), Timeout));
        _clock = clock;
    }

    /// <param name="id">The same at each attempt.</param>
    internal async Task<CallbackAnswer> SendAsync(string address, string id, byte[] body, CancellationToken cancellationToken)
    {
        var keys = _options.Keys;
        if (keys.Count == 0)
        {
            // Asked for when there still was one. Nothing is sent unsigned.
            return new CallbackAnswer(Status: null, "There is no secret to sign with.");
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _publicOnes.Read(address)) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ImageResize", "1.0"));
            CallbackSignature.Sign(request, id, _clock.GetUtcNow(), body, keys);

            // Comes back with the headers. The body is of no interest, and closing the answer closes the connection.
            using var answer = await new TimeLimit(Timeout, Timeout, _clock)
                .WaitAsync(token => _http.SendAsync(request, token), cancellationToken);

            return CallbackAnswer.Of(answer, _clock.GetUtcNow());
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or RefusedException)
        {
            return new CallbackAnswer(Status: null, Reason(failure));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>In words of our own: the platform's name addresses.</summary>
    private static string Reason(Exception failure) => failure switch
    {
        RefusedException => failure.Message,
        HttpRequestException { InnerException: RefusedException refusal } => refusal.Message,
        TimeoutException => "The receiver did not answer in time.",
        _ => "The host was not found, refused the connection or did not answer properly.",
    };
}
