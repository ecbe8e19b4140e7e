using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using ImageResize.Core.Telemetry;
using ImageResize.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ImageResize.Functions.Telemetry;

/// <summary>
/// Exports traces, metrics and logs: by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and to Azure Monitor if its connection string is
/// set. Otherwise nothing is recorded, except metrics for <c>/metrics</c>.
/// </summary>
internal static class TelemetryServices
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OtlpProtocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>Meters of .NET: processor time, memory and garbage collection; requests by route.</summary>
    private static readonly string[] RuntimeMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting"];

    public static void AddStandaloneTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(AddMeters);
        telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
        if (IsExported(builder))
        {
            telemetry.WithTracing(traces => traces.AddSource(RequestSpan.Source));
            Export(builder, telemetry);
        }
    }

    /// <summary>The Functions host's spans are joined to those of the worker.</summary>
    public static void AddWorkerTelemetry(this IHostApplicationBuilder builder)
    {
        if (IsExported(builder))
        {
            var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(AddMeters).UseFunctionsWorkerDefaults();
            Export(builder, telemetry);
        }
    }

    private static bool IsExported(IHostApplicationBuilder builder) => HasValue(builder, OtlpEndpoint) || HasValue(builder, AzureMonitor);

    private static bool HasValue(IHostApplicationBuilder builder, string name) => !string.IsNullOrEmpty(builder.Configuration[name]);

    private static void AddMeters(MeterProviderBuilder metrics) => metrics.AddMeter([Instruments.Name, .. RuntimeMeters]);

    private static void Export(IHostApplicationBuilder builder, IOpenTelemetryBuilder telemetry)
    {
        CheckOtlp(builder.Configuration);
        builder.Services.AddHostedService<ExportFailureLog>();
        telemetry.ConfigureResource(resource => resource.AddService(builder.Configuration[ServiceName] ?? Instruments.Name));
        telemetry.WithTracing(traces => traces.AddSource(Instruments.Name));
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeScopes = true;
            logs.IncludeFormattedMessage = true;
        });
        if (HasValue(builder, OtlpEndpoint))
        {
            telemetry.UseOtlpExporter();
        }

        if (HasValue(builder, AzureMonitor))
        {
            telemetry.UseAzureMonitorExporter(options => options.Credential = FindCredential(builder.Configuration));
        }
    }

    /// <summary>The exporter ignores values that it can't use.</summary>
    /// <exception cref="StartupException">The address or the protocol is not valid.</exception>
    private static void CheckOtlp(IConfiguration configuration)
    {
        if (configuration[OtlpEndpoint] is { Length: > 0 } endpoint
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")))
        {
            throw new StartupException($"{OtlpEndpoint} must be an address such as http://127.0.0.1:4317, but is '{endpoint}'.");
        }

        if (configuration[OtlpProtocol] is { Length: > 0 } protocol && protocol is not ("grpc" or "http/protobuf"))
        {
            throw new StartupException($"{OtlpProtocol} must be grpc or http/protobuf, but is '{protocol}'.");
        }
    }

    /// <summary>The setting by which the Functions host, too, sends by the process's identity.</summary>
    private static DefaultAzureCredential? FindCredential(IConfiguration configuration) =>
        configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { } authentication
        && authentication.Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase)
            ? new DefaultAzureCredential()
            : null;
}
