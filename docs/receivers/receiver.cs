#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

// Receives callbacks of ImageResize and verifies their signature (Standard Webhooks). Needs the .NET 10 SDK and no packages:
//
//   WEBHOOK_SECRET=whsec_... PORT=9000 dotnet run receiver.cs

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

const int MaxAgeSeconds = 300;
var key = Convert.FromBase64String(Environment.GetEnvironmentVariable("WEBHOOK_SECRET")!["whsec_".Length..]);
var app = WebApplication.CreateBuilder().Build();

app.MapPost("/{**path}", async (HttpRequest request) =>
{
    using var received = new MemoryStream();
    await request.Body.CopyToAsync(received);
    var body = received.ToArray();
    if (!IsGenuine(request.Headers, body))
    {
        return Results.Unauthorized();
    }

    // The same call can arrive twice: remember webhook-id if that matters. Answer before long work.
    var data = JsonDocument.Parse(body).RootElement.GetProperty("data");
    var succeeded = data.GetProperty("counts").GetProperty("succeeded");
    Console.WriteLine($"batch {data.GetProperty("id")} {data.GetProperty("state")}: {succeeded} succeeded");

    return Results.NoContent();
});
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("listening"));
app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");

// Whether the body was signed with the secret within the last five minutes.
bool IsGenuine(IHeaderDictionary headers, byte[] body)
{
    var timestamp = headers["webhook-timestamp"].ToString();
    var isRecent = long.TryParse(timestamp, CultureInfo.InvariantCulture, out var sent)
        && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sent) < MaxAgeSeconds;
    byte[] signed = [.. Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{timestamp}."), .. body];
    var signature = Encoding.UTF8.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}");

    // While a secret is changed, there are several signatures.
    return isRecent && headers["webhook-signature"].ToString().Split(' ')
        .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), signature));
}
