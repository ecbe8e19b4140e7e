using System.Collections.Concurrent;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Telemetry;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Telemetry;

public sealed class ExportSettingsTests
{
    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "notanaddress", "http://127.0.0.1:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://127.0.0.1", "http://127.0.0.1:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "carrierpigeon", "grpc or http/protobuf")]
    public void An_invalid_value_stops_the_start(string name, string value, string allowed)
    {
        var builder = Builder();
        builder.Configuration[name] = value;

        var failure = Assert.Throws<StartupException>(builder.AddStandaloneTelemetry);

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_is_logged_once()
    {
        var builder = Builder();
        builder.Configuration["OTEL_METRIC_EXPORT_INTERVAL"] = "100";
        builder.Services.AddSingleton(TimeProvider.System);
        using var messages = new Messages();
        builder.Logging.AddProvider(messages);
        builder.AddStandaloneTelemetry();
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var message = await Eventually.Async(() =>
            Task.FromResult(messages.All.FirstOrDefault(text => text.StartsWith("Telemetry can't be exported", StringComparison.Ordinal))));
        await Task.Delay(500, TestContext.Current.CancellationToken);

        Assert.Contains("127.0.0.1:1", message, StringComparison.Ordinal);
        Assert.Single(messages.All, text => text.StartsWith("Telemetry can't be exported", StringComparison.Ordinal));
    }

    /// <summary>Nothing listens on the port of tcpmux.</summary>
    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";

        return builder;
    }

    private sealed class Messages : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
