using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure.Storage.Queues;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Standalone.LocalStorage;

public sealed class AzuriteProcessTests : IDisposable
{
    // Starts the guard as the program does, reports when it listens, and waits to be killed.
    private const string Parent =
        """
        const [guard, ...settings] = process.argv.slice(1);
        const stdio = ["pipe", "pipe", "inherit"];
        const child = require("child_process").spawn(process.execPath, [guard, ...settings], { stdio });
        child.stdout.on("data", text => { if (`${text}`.includes("Table service is successfully")) console.log("ready"); });
        """;

    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Azurite_saves_its_data_and_ends_when_its_parent_is_killed()
    {
        var ports = FreePorts.Take();
        using var parent = StartParent(ports);
        Assert.Equal("ready", await parent.StandardOutput.ReadLineAsync(Cancellation));
        await SendAsync(ports, "hello");

        parent.Kill();

        // Inherited by the guard, so it is closed when the guard ends.
        await parent.StandardError.ReadToEndAsync(Cancellation).WaitAsync(EndsWithin, Cancellation);
        Assert.Equal("hello", await ReceiveAfterRestartAsync());
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_does_not_end_Azurite()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends Ctrl+C to a console, not to a process.");

        await using (var azurite = await StartAsync(AzuritePorts.Any))
        {
            await UnixSignal.SendAsync("INT", azurite.Id);
            await UnixSignal.SendAsync("INT", azurite.Id);
            await SendAsync(azurite.Ports, "hello");
        }

        Assert.Equal("hello", await ReceiveAfterRestartAsync());
    }

    [Fact]
    public async Task An_Azurite_that_cannot_start_reports_the_reason()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<StartupException>(() => StartAsync(AzuritePorts.Any with { Queue = taken }));

        Assert.Contains($"address already in use 127.0.0.1:{taken}", failure.Message, StringComparison.Ordinal);
    }

    private static async Task SendAsync(AzuritePorts ports, string message)
    {
        var messages = new QueueClient(ports.ConnectionString, "messages");
        await messages.CreateAsync(cancellationToken: Cancellation);
        await messages.SendMessageAsync(message, Cancellation);
    }

    private async Task<string> ReceiveAfterRestartAsync()
    {
        await using var azurite = await StartAsync(AzuritePorts.Any);
        var messages = new QueueClient(azurite.Ports.ConnectionString, "messages");
        return (await messages.ReceiveMessageAsync(cancellationToken: Cancellation)).Value.MessageText;
    }

    private Task<AzuriteProcess> StartAsync(AzuritePorts ports) =>
        AzuriteProcess.StartAsync(Azurite.Package, new AzuriteSettings(ports, _data.Path), Cancellation);

    private Process StartParent(AzuritePorts ports)
    {
        var start = new ProcessStartInfo("node",
        [
            "-e", Parent, Azurite.Package.Guard,
            "--silent", "--location", _data.Path,
            "--blobPort", ports.Blob.ToString(CultureInfo.InvariantCulture),
            "--queuePort", ports.Queue.ToString(CultureInfo.InvariantCulture),
            "--tablePort", ports.Table.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
