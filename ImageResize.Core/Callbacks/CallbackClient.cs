using System.Net.Http.Headers;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Callbacks;

/// <summary>
/// Makes one attempt to call a receiver. As for web sources, private addresses are never connected to, whatever the address or its DNS
/// record says.
/// </summary>
public sealed class CallbackClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly CallbackOptions _options;
    private readonly PublicAddressRules _publicAddresses;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _clock;

    public CallbackClient(IOptions<CallbackOptions> options, IAddressPolicy policy, IResolver resolver, TimeProvider clock)
    {
        _options = options.Value;
        var reachable = _options.AllowLoopback ? new LoopbackPolicy(policy) : policy;
        _publicAddresses = new PublicAddressRules(reachable, _options.AllowLoopback);
        _http = new HttpMessageInvoker(WebHandler.Create(new PublicConnector(reachable, resolver), Timeout));
        _clock = clock;
    }

    /// <param name="id">The id of the event, the same at each attempt.</param>
    internal async Task<CallbackResponse> SendAsync(string address, string id, byte[] body, CancellationToken cancellationToken)
    {
        var keys = _options.Keys;
        if (keys.Count == 0)
        {
            // The secret was removed after the batch was submitted. Nothing is sent unsigned.
            return new CallbackResponse(Status: null, "There is no secret to sign with.");
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _publicAddresses.Read(address));
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ImageResize", "1.0"));
            CallbackSignature.Sign(request, id, _clock.GetUtcNow(), body, keys);

            // Only the headers are read. Disposing the response closes the connection.
            using var response = await new TimeLimit(Timeout, Timeout, _clock)
                .WaitAsync(token => _http.SendAsync(request, token), cancellationToken);

            return CallbackResponse.Of(response, _clock.GetUtcNow());
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or RefusedException)
        {
            return new CallbackResponse(Status: null, ReasonOf(failure));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The platform's own message would contain the address.</summary>
    private static string ReasonOf(Exception failure) => failure switch
    {
        RefusedException => failure.Message,
        HttpRequestException { InnerException: RefusedException refusal } => refusal.Message,
        TimeoutException => "The receiver did not answer in time.",
        _ => "The host was not found, refused the connection or did not answer properly.",
    };
}
