using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Addresses;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Addresses;

/// <summary>Signs addresses and asks for them without a key of a caller.</summary>
internal sealed class AddressApi(RunningApp app) : IDisposable
{
    /// <summary>Keys of two callers that sign addresses.</summary>
    public const string ShopKey = $"{Secrets.Prefix}-shop-signs-addresses-0123456789";
    public const string PrinterKey = $"{Secrets.Prefix}-printer-signs-addresses-0123456789";

    private readonly HttpClient _browser =
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Client.BaseAddress };

    public static string[] Settings { get; } =
    [
        $"--ImageResize:Addresses:Keys:shop={ShopKey}",
        $"--ImageResize:Addresses:NextKeys:printer={PrinterKey}",
        "--ImageResize:Addresses:UnsignedPresets=list, CARD",
        "--ImageResize:Addresses:CheckSeconds=0",
        "--ImageResize:Presets:card:Width=60",
        "--ImageResize:Presets:large:Width=600",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="options">In canonical form.</param>
    public static string Sign(string options, string source, string key = ShopKey)
    {
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(key), Encoding.UTF8.GetBytes($"/t/{options}/{source}"));
        var text = Convert.ToBase64String(signature).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        return $"/t/{text}/{options}/{AddressSource.Encode(source)}";
    }

    public async Task<HttpResponseMessage> SendAsync(
        string address, HttpMethod? method = null, string? accept = null, string? knownTag = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("If-None-Match", knownTag);

        return await _browser.SendAsync(request, Token);
    }

    public void Dispose() => _browser.Dispose();
}
