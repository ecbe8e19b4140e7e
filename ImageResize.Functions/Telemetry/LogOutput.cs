using ImageResize.Core.Validation;
using Microsoft.Extensions.Logging.Console;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace ImageResize.Functions.Telemetry;

/// <summary>
/// Where logs go: to standard output, as readable lines in Development and as one JSON object a line otherwise; and to a file a day if
/// <c>ImageResize__Logging__Folder</c> is set.
/// </summary>
internal static class LogOutput
{
    /// <summary>At most as many files of a day as this, so that a flood of logs can't fill the disk.</summary>
    private const int MaxFilesPerDay = 10;

    private const long Megabyte = 1_000_000;

    public static void AddConsoleOutput(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        var byEnvironment = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json;
        var name = builder.Configuration["Logging:Console:FormatterName"] ?? byEnvironment;
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = name);

        // A failed start is explained in one sentence, or by the stack trace of the unhandled exception.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    public static void AddLogFiles(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<LogOptions>("ImageResize:Logging");
        var options = builder.Configuration.GetSection("ImageResize:Logging").Get<LogOptions>() ?? new LogOptions();
        if (options.Folder.Length == 0)
        {
            return;
        }

        // Levels are filtered before, by Logging:LogLevel.
        var files = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(
                new CompactJsonFormatter(),
                Path.Combine(options.Folder, "imageresize-.log"),
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: options.MaxMegabytes * Megabyte,
                retainedFileCountLimit: options.MaxDays * MaxFilesPerDay,
                retainedFileTimeLimit: TimeSpan.FromDays(options.MaxDays));

        // Not AddSerilog, which would turn off the filters of categories: ASP.NET Core's messages contain query strings.
        builder.Logging.AddProvider(new SerilogLoggerProvider(files.CreateLogger(), dispose: true));
    }
}
