using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageResize.Client.Http;

namespace ImageResize.Client;

/// <content>Batches of images.</content>
public sealed partial class ImageResizeClient
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(1);

    /// <summary>Queues work on many images.</summary>
    /// <param name="submission">The images and what to do with them.</param>
    /// <param name="idempotencyKey">Requests with the same key are executed once. A new one by default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Batch> SubmitBatchAsync(
        BatchSubmission submission, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var request = submission.Manifest is { } manifest ? PostManifest(submission, manifest, idempotencyKey)
            : PostOnce(
                "v1/batches" + QueryOf(submission),
                () => new LinesContent(submission.Items ?? [], submission.Actions),
                idempotencyKey);

        return _transport.ReadAsync(request, ClientJson.Default.Batch, cancellationToken);
    }

    /// <summary>Reads the progress of a batch.</summary>
    public Task<Batch> GetBatchAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(ApiRequest.Get(AddressOfBatch(id)), ClientJson.Default.Batch, cancellationToken);

    /// <summary>Returns the progress of a batch whenever it changes, at most once a second, until the batch has ended.</summary>
    public async IAsyncEnumerable<Batch> FollowBatchAsync(
        string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = ApiRequest.Get($"{AddressOfBatch(id)}/events") with { Accept = "text/event-stream", IsStreamed = true };
        while (true)
        {
            using (var response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false))
            {
                var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                using var events = new EventReader(stream);
                while (await events.ReadAsync(cancellationToken).ConfigureAwait(false) is var (name, data))
                {
                    if (name is "progress" or "end")
                    {
                        yield return JsonSerializer.Deserialize(data, ClientJson.Default.Batch)!;
                    }

                    if (name == "end")
                    {
                        yield break;
                    }
                }
            }

            // The connection is lost or the service stops. Another instance continues.
            await Task.Delay(ReconnectPause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a batch has ended.</summary>
    public async Task<Batch> WaitForBatchAsync(string id, CancellationToken cancellationToken = default)
    {
        Batch? last = null;
        await foreach (var progress in FollowBatchAsync(id, cancellationToken).ConfigureAwait(false))
        {
            last = progress;
        }

        return last!;
    }

    /// <summary>Lists the jobs of a batch in their order, a page at a time.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="state">Only jobs in this state. All by default.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async IAsyncEnumerable<Job> ListJobsAsync(
        string id, JobState? state = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = state is { } wanted ? $"?state={JsonNamingPolicy.CamelCase.ConvertName(wanted.ToString())}" : "";
        for (var address = $"{AddressOfBatch(id)}/jobs{filter}"; address is not null;)
        {
            var page = await _transport.ReadAsync(
                ApiRequest.Get(address), ClientJson.Default.JobPage, cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Value)
            {
                yield return job;
            }

            address = page.NextLink?.TrimStart('/');
        }
    }

    /// <summary>Cancels the queued jobs of a batch.</summary>
    public Task<Batch> CancelBatchAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(new ApiRequest(HttpMethod.Delete, AddressOfBatch(id)), ClientJson.Default.Batch, cancellationToken);

    /// <summary>Queues a new batch of the failed jobs of a batch that has ended.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="idempotencyKey">Requests with the same key are executed once. A new one by default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Batch> RetryBatchAsync(string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(
            PostOnce($"{AddressOfBatch(id)}/retry", content: null, idempotencyKey), ClientJson.Default.Batch, cancellationToken);

    /// <summary>Writes a zip archive with the thumbnails that exist to a stream.</summary>
    public Task DownloadThumbnailsAsync(string id, Stream destination, CancellationToken cancellationToken = default) =>
        CopyAsync($"{AddressOfBatch(id)}/thumbnails.zip", destination, cancellationToken);

    private static ApiRequest PostManifest(BatchSubmission submission, string manifest, string? idempotencyKey)
    {
        var request = new ManifestRequest(manifest, submission.Actions)
        {
            Name = submission.Name,
            Callback = submission.Callback is { } callback ? new ManifestRequest.CallbackRequest(callback.AbsoluteUri) : null,
        };
        var body = JsonSerializer.Serialize(request, ClientJson.Default.ManifestRequest);

        return PostOnce("v1/batches", () => DirectQuery.JsonOf(body), idempotencyKey);
    }

    private static string QueryOf(BatchSubmission submission)
    {
        var values = new[] { ("name", submission.Name), ("callback", submission.Callback?.AbsoluteUri) }
            .Where(value => value.Item2 is not null).Select(value => $"{value.Item1}={Uri.EscapeDataString(value.Item2!)}").ToList();

        return values.Count == 0 ? "" : "?" + string.Join('&', values);
    }

    private static string AddressOfBatch(string id) => $"v1/batches/{Uri.EscapeDataString(id)}";
}
