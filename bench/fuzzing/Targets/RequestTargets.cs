using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Fuzzing.Targets;

/// <summary>Code that reads bodies of requests.</summary>
internal static class RequestTargets
{
    private const string Json = "application/json";

    private static readonly IReadOnlyList<byte[]> Words = FuzzTargets.Words(
        "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e9", "4097", "\"\"", "\"\\ud800\"", "\"source\":", "\"name\":",
        "\"actions\":", "\"measure\":{}",
        "\"thumbnail\":{", "\"preset\":", "\"width\":", "\"height\":", "\"fit\":\"cover\"", "\"gravity\":\"attention\"",
        "\"format\":\"auto\"",
        "\"quality\":", "\"background\":\"#fff\"", "\"metadata\":[\"copyright\"]", "\"animated\":true", "\"items\":[", "\"manifest\":",
        "\"callback\":{\"url\":",
        "blob://photos/", "upload://", "https://");

    private static readonly ActionReader Actions = new(
        Options.Create(new PresetOptions { ["card"] = new ThumbnailRequest { Width = 10 } }));

    private static readonly ItemParser Items = new(
        new SourceReader([new AnySource()], Options.Create(new SourcesOptions()), new MemoryBudget(1_000_000)), Actions);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("job", body => Read(() => ReadJobAsync(body))) { Words = Words },
        new("batch", body => Read(() => ReadBatchAsync(body))) { Words = Words },
        new("lines", body => Read(() => ReadLinesAsync(body))) { Words = [.. Words, [(byte)'\n'], [0xEF, 0xBB, 0xBF]], MaxLength = 70_000 },
        new("direct", body => Read(() => ReadDirectAsync(body))) { Words = Words },
        new("form", body => Read(() => ReadFormAsync(body)))
        {
            Words = FuzzTargets.Words(
                "\r\n", "--B", "--B--", "Content-Disposition: form-data; name=\"a\"; filename=\"b.jpg\"", "filename*=UTF-8''%e2%82%ac.jpg",
                "Content-Type: image/png",
                "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        },
    ];

    private static void Read(Func<Task> read)
    {
        try
        {
            read().GetAwaiter().GetResult();
        }
        catch (Exception refusal) when (refusal is RefusedException or InvalidValuesException)
        {
            // Answered with the reason.
            _ = (refusal as InvalidValuesException)?.Detail;
        }
    }

    private static async Task ReadJobAsync(byte[] body)
    {
        if (await JsonBody.ReadAsync<JobRequest>(RequestOf(body, Json), new MemoryStream(body), CancellationToken.None) is not { } job)
        {
            return;
        }

        InvalidValue[] invalid = [.. InvalidValue.In(job), .. InvalidValue.InActions(job.Actions)];
        if (invalid.Length > 0)
        {
            throw new InvalidValuesException(invalid);
        }

        Check(Actions.Read(job.Actions));
    }

    private static async Task ReadBatchAsync(byte[] body)
    {
        var batch = await BatchRequestReader.ReadAsync(RequestOf(body, Json), new MemoryStream(body), CancellationToken.None);
        var actions = batch.Actions is null ? null : Actions.Read(batch.Actions);
        foreach (var item in (batch.Items ?? []).Take(20))
        {
            await ParseAsync(JsonMarshal.GetRawUtf8Value(item).ToArray(), actions);
        }
    }

    private static async Task ReadLinesAsync(byte[] body)
    {
        var end = 0L;
        await foreach (var line in NdjsonReader.ReadAsync(new MemoryStream(body), offset: 0, CancellationToken.None))
        {
            if (line.End <= end || line.End > body.Length || line.Text.Length > NdjsonReader.MaxLineBytes + 1)
            {
                throw new InvalidOperationException($"Line {line.Number} ends at {line.End}, after {end}: {line.Text.Length} bytes.");
            }

            end = line.End;
            await ParseAsync(line.Text, JobActions.OnlyMeasure);
        }
    }

    /// <summary>An item that is refused doesn't stop those after it.</summary>
    private static async Task ParseAsync(ReadOnlyMemory<byte> json, JobActions? defaults)
    {
        try
        {
            Check((await Items.ParseAsync(json, defaults, CancellationToken.None)).Job.Actions);
        }
        catch (RefusedException)
        {
            // Becomes a job that fails with the reason.
        }
    }

    private static async Task ReadDirectAsync(byte[] body)
    {
        var split = Math.Max(0, body.AsSpan().IndexOf((byte)'\n'));
        var request = RequestOf(body[split..], Json);
        request.QueryString = QueryString.FromUriComponent("?" + Encoding.Latin1.GetString(body, 0, split));
        var reader = new DirectBody(null!, Options.Create(new UploadOptions()));
        await using var received = await reader.ReceiveAsync(request, CancellationToken.None);
        _ = DirectRequest.Read(request, received.Json!.DeepClone() as JsonObject, new PresetOptions());
        _ = DirectRequest.ReadOnlySource(received.Json);
    }

    private static async Task ReadFormAsync(byte[] body)
    {
        var names = new List<string?>();
        await foreach (var part in UploadBody.ReadAsync(
            RequestOf(body, "multipart/form-data; boundary=B"), new UploadOptions(), CancellationToken.None))
        {
            names.Add((part as FormStream)?.FileName);
            await part.CopyToAsync(Stream.Null);
        }

        foreach (var name in names.Select(Core.Sources.Names.ImageName.Clean).OfType<string>())
        {
            TextTargets.CheckName(name);
        }
    }

    /// <summary>What validation accepts must be within the limits.</summary>
    private static void Check(JobActions actions)
    {
        foreach (var spec in actions.Thumbnails.Select(thumbnail => thumbnail.Spec))
        {
            if (spec is not { Width: > 0 and <= 100_000, Height: > 0 and <= 100_000, Quality: null or (> 0 and <= 100) })
            {
                throw new InvalidOperationException($"Accepted: {spec}");
            }
        }
    }

    private static HttpRequest RequestOf(byte[] body, string type)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = HttpMethods.Post;
        request.ContentType = type;
        request.ContentLength = body.Length;
        request.Body = new MemoryStream(body);

        return request;
    }

    /// <summary>Accepts any text, because sources are a target of their own.</summary>
    private sealed class AnySource : ISource
    {
        public string Form => "any";

        public bool CanHandle(SourceUri source) => true;

        public SourceUri Normalize(SourceUri source) => source;

        public Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken) => throw new NotSupportedException();

        public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) => throw new NotSupportedException();
    }
}
