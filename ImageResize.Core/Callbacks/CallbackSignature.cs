using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Callbacks;

/// <summary>
/// Adds the three headers of Standard Webhooks 1.0, with which a receiver verifies the sender and detects replays.
/// </summary>
internal static class CallbackSignature
{
    /// <param name="id">The id of the event, the same at each attempt, with which a receiver detects repetitions.</param>
    /// <param name="now">The time of this attempt.</param>
    public static void Sign(HttpRequestMessage request, string id, DateTimeOffset now, byte[] body, IEnumerable<byte[]> keys)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];

        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(key => $"v1,{ComputeMac(key, signed)}")));
    }

    private static string ComputeMac(byte[] key, byte[] signed) => Convert.ToBase64String(HMACSHA256.HashData(key, signed));
}
