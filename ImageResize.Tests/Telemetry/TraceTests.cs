using System.Net;
using System.Text.RegularExpressions;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Telemetry;

namespace ImageResize.Tests.Telemetry;

/// <summary>The trace of one job, from the request that submits it to its result, is exported as one tree.</summary>
[Collection(PublishedAppTests.Name)]
public sealed partial class TraceTests(Azurite azurite, PublishedApp published)
{
    private const string Submit = "/imageapi?imagePath=cat.jpg";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standalone_a_job_is_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        await using var program = await StartedProgram.StartAsync(azurite, images.Path, Settings(receiver));

        using var submitted = await program.Client.PostAsync(Submit, content: null, Token);

        Assert.Equal(HttpStatusCode.OK, submitted.StatusCode);
        await AssertTraceAsync(receiver, root: "POST /imageapi");
    }

    [Fact]
    public async Task Under_the_Functions_host_a_job_is_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var name = Azurite.UniquePrefix();
        var settings = new Dictionary<string, string>(Settings(receiver))
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["ImageResize__Sources__ImagesRoot"] = images.Path,
            ["ImageResize__Storage__TablePrefix"] = name,
            ["ImageResize__Storage__WorkQueue"] = name,
        };
        await using var host = await published.StartAsync(settings, new HostSetup { WorkQueue = name });

        // Storage of a busy machine may not answer at first.
        await Eventually.Async(async () => (await host.SendAsync(HttpMethod.Post, Submit)).Status == 200 ? "submitted" : null);

        await AssertTraceAsync(receiver, root: "");
    }

    private static Dictionary<string, string> Settings(OtlpReceiver receiver) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    private static async Task AssertTraceAsync(OtlpReceiver receiver, string root)
    {
        const string Steps =
            @"(?s)send slice\n.*process slice\n.*\n +job\n +read source\n +decode\n +encode\n +store thumbnail\n.*table POST";
        try
        {
            var tree = await Eventually.Async(() =>
                Task.FromResult(receiver.Trees().FirstOrDefault(tree => Regex.IsMatch(tree, Steps))));
            Assert.StartsWith(root, tree, StringComparison.Ordinal);
            Assert.DoesNotMatch(SecondRoot(), tree);
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', receiver.Trees(withTimes: true)));
        }
    }

    [GeneratedRegex(@"\n[^ ]")]
    private static partial Regex SecondRoot();
}
