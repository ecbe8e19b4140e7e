using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Functions.Hosting;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Callbacks;

/// <summary>The receivers in docs/receivers, which run on this machine as a developer would try them.</summary>
public sealed class DocumentedReceiverTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("node", "receiver.mjs")]
    [InlineData("python3", "receiver.py")]
    [InlineData("dotnet", "run", "receiver.cs")]
    public async Task A_receiver_accepts_a_callback_and_refuses_a_forged_one(string program, params string[] arguments)
    {
        var secret = TestReceivers.Secret();
        var port = FreePorts.TakeOne();
        using var receiver = Start(program, arguments, secret, port);
        try
        {
            await using var app = await RunningApp.StartAsync(
                azurite, $"--ImageResize:Callbacks:Secrets={secret}", "--ImageResize:Callbacks:AllowLoopback=true");
            app.Images.Write("a.jpg", TestImages.Jpeg(30, 20));
            await ReadUntilAsync(receiver, line => line == "listening");

            var forged = await ForgeAsync(port);
            var id = await SubmitAsync(app, port);

            Assert.Equal(HttpStatusCode.Unauthorized, forged);
            await ReadUntilAsync(receiver, line => line == $"batch {id} completed: 1 succeeded");
            await Eventually.Async(async () => (await app.GetAsync($"/v1/batches/{id}")).Body
                .Contains("\"state\":\"delivered\"", StringComparison.Ordinal));
        }
        finally
        {
            receiver.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string program, string[] arguments, string secret, int port) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.Combine(RepositoryRoot.Find()!, "docs", "receivers"),
            RedirectStandardOutput = true,
            Environment =
            {
                ["WEBHOOK_SECRET"] = secret,
                ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["Logging__LogLevel__Default"] = "None",
            },
        })!;

    private static async Task ReadUntilAsync(Process receiver, Func<string, bool> isExpected)
    {
        var lines = new List<string>();
        while (await receiver.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
            if (isExpected(line))
            {
                return;
            }
        }

        Assert.Fail($"The receiver ended: {string.Join('\n', lines)}");
    }

    private static async Task<HttpStatusCode> ForgeAsync(int port)
    {
        using var client = new HttpClient();
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/")
        {
            Content = JsonContent.Create(new { data = new { id = "forged", state = "completed", counts = new { succeeded = 1 } } }),
            Headers =
            {
                { "webhook-id", "forged" },
                { "webhook-timestamp", DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=" },
            },
        };
        await forged.Content.LoadIntoBufferAsync(Token);
        using var response = await client.SendAsync(forged, Token);

        return response.StatusCode;
    }

    private static async Task<string> SubmitAsync(RunningApp app, int port)
    {
        using var response = await app.Client.PostAsJsonAsync(
            "/v1/batches",
            new
            {
                items = new[] { new { source = "a.jpg" } },
                actions = new[] { new { measure = new { } } },
                callback = new { url = $"http://127.0.0.1:{port}/ended" },
            },
            Token);

        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }
}
