using System.Net;
using System.Net.Sockets;
using Azure.Storage.Queues;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Standalone.LocalStorage;

public sealed class DevelopmentStorageTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly AzuritePorts _ports = FreePorts.Take();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Data_is_kept_between_runs()
    {
        await using (await StartAsync(_ports))
        {
            await Messages(_ports).CreateAsync(cancellationToken: Cancellation);
            await Messages(_ports).SendMessageAsync("hello", Cancellation);
        }

        await using (await StartAsync(_ports))
        {
            var message = await Messages(_ports).ReceiveMessageAsync(cancellationToken: Cancellation);
            Assert.Equal("hello", message.Value.MessageText);
        }
    }

    [Fact]
    public async Task Azurite_ends_with_the_program()
    {
        var storage = await StartAsync(_ports);

        await storage!.DisposeAsync();

        Assert.Equal(PortState.Free, await PortProbe.GetStateAsync(_ports.Blob, Cancellation));
    }

    [Fact]
    public async Task An_Azurite_that_already_runs_is_used()
    {
        await using var running = await StartAsync(_ports);

        Assert.Null(await StartAsync(_ports));
    }

    [Fact]
    public async Task Of_two_programs_that_start_together_one_starts_Azurite()
    {
        var both = await Task.WhenAll(StartAsync(_ports), StartAsync(_ports));
        await using var started = Assert.Single(both, storage => storage is not null);

        Assert.Equal(PortState.Azurite, await PortProbe.GetStateAsync(_ports.Table, Cancellation));
    }

    [Fact]
    public async Task A_port_taken_by_another_program_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, _ports.Queue);
        other.Start();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync(_ports));

        Assert.StartsWith($"Port {_ports.Queue} is used by another program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Azurite_without_all_its_services_is_not_used()
    {
        await using var running = await StartAsync(_ports);
        var missing = FreePorts.TakeOne();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync(_ports with { Table = missing }));

        Assert.Contains($"nothing listens on port {missing}", refusal.Message, StringComparison.Ordinal);
    }

    private static QueueClient Messages(AzuritePorts ports) => new(ports.ConnectionString, "messages");

    private Task<DevelopmentStorage?> StartAsync(AzuritePorts ports) =>
        DevelopmentStorage.StartAsync(ports, _data.Path, TestContext.Current.SendDiagnosticMessage, Cancellation);
}
