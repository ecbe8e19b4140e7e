using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>The three headers of Standard Webhooks 1.0, by which a receiver knows that we sent it, and that it is no replay.</summary>
internal static class CallbackSignature
{
    /// <param name="id">The same at each attempt, so that the receiver can tell a repeat.</param>
    /// <param name="now">Of this attempt.</param>
    public static void Sign(HttpRequestMessage request, string id, DateTimeOffset now, byte[] body, IEnumerable<byte[]> keys)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];

        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(key => $"v1,{Mac(key, signed)}")));
    }

    private static string Mac(byte[] key, byte[] signed) => Convert.ToBase64String(HMACSHA256.HashData(key, signed));
}
