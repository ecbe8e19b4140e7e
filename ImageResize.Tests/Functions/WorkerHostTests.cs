using System.Reflection;
using ImageResize.Core.Storage;
using ImageResize.Functions;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Http.Middleware;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Functions;

/// <summary>The application as a Functions host starts it.</summary>
public sealed class WorkerHostTests
{
    private static readonly string[] Arguments =
    [
        "--functions-uri", "http://127.0.0.1:1/",
        "--functions-worker-id", "worker",
        "--functions-request-id", "request",
        "--functions-grpc-max-message-length", "1000000",
        "--AzureWebJobsStorage", "UseDevelopmentStorage=true",
    ];

    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void The_arguments_of_a_Functions_host_are_recognized()
    {
        Assert.True(WorkerHost.IsRequested(Arguments));
        Assert.False(WorkerHost.IsRequested(["--urls", "http://127.0.0.1:0"]));
    }

    /// <summary>The executor that the worker's SDK generates compiles an expression at each call of a non-public function.</summary>
    [Fact]
    public void All_functions_are_public_so_that_they_are_called_without_reflection()
    {
        var functions = typeof(HttpFunctions).Assembly.GetTypes().Where(type =>
            type.GetMethods(Everything).Any(method => method.IsDefined(typeof(FunctionAttribute), inherit: false))).ToList();

        Assert.Contains(typeof(QueueFunctions), functions);
        Assert.All(functions, type => Assert.True(type.IsVisible, $"{type} is not public"));
    }

    [Fact]
    public void The_queue_triggers_listen_to_the_default_queues()
    {
        var defaults = new StorageOptions();

        Assert.Equal(
            [defaults.WorkQueue, defaults.BulkQueue, defaults.WorkQueue + "-poison", defaults.BulkQueue + "-poison"],
            [Triggers.WorkQueue, Triggers.BulkQueue, Triggers.WorkPoisonQueue, Triggers.BulkPoisonQueue]);
    }

    [Fact]
    public void Request_logs_of_ASP_NET_Core_are_off_because_they_contain_query_strings()
    {
        using var host = Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger(typeof(RequestBodyLimit).FullName!).IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void A_restarted_worker_finds_the_crash_marker_of_its_host_and_no_other()
    {
        var other = Arguments.Select(argument => argument.Replace(":1/", ":2/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(WorkerHost.CrashMarkerPath(Arguments), WorkerHost.CrashMarkerPath([.. Arguments]));
        Assert.NotEqual(WorkerHost.CrashMarkerPath(Arguments), WorkerHost.CrashMarkerPath(other));
    }

    private static IHost Build()
    {
        var builder = WorkerHost.CreateBuilder(Arguments);
        builder.AddApplication(WorkerHost.VisibilityTimeout, crashMarkerPath: null);

        return builder.Build();
    }
}
