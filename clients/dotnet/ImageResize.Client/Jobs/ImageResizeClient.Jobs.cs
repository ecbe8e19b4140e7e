using System.Text.Json;
using ImageResize.Client.Http;

namespace ImageResize.Client;

/// <content>Jobs of single images.</content>
public sealed partial class ImageResizeClient
{
    /// <summary>How long one request waits for a job. The service allows a minute; proxies often less.</summary>
    private const int WaitSeconds = 20;

    /// <summary>Queues work on one image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="actions">What to do with it.</param>
    /// <param name="idempotencyKey">Requests with the same key are executed once. A new one by default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Job> SubmitJobAsync(
        string source,
        IReadOnlyList<JobAction> actions,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.Serialize(new JobRequest(source, actions), ClientJson.Default.JobRequest);

        return _transport.ReadAsync(
            PostOnce("v1/jobs", () => DirectQuery.JsonOf(body), idempotencyKey), ClientJson.Default.Job, cancellationToken);
    }

    /// <summary>Reads a job and its result.</summary>
    public Task<Job> GetJobAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(ApiRequest.Get(AddressOfJob(id)), ClientJson.Default.Job, cancellationToken);

    /// <summary>Waits until a job has ended.</summary>
    public async Task<Job> WaitForJobAsync(string id, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var request = ApiRequest.Get($"{AddressOfJob(id)}?wait={WaitSeconds}");
            var job = await _transport.ReadAsync(request, ClientJson.Default.Job, cancellationToken).ConfigureAwait(false);
            if (job.State != JobState.Queued)
            {
                return job;
            }
        }
    }

    /// <summary>Writes a thumbnail of a job to a stream.</summary>
    /// <param name="id">The job.</param>
    /// <param name="number">The number of the thumbnail, from 0.</param>
    /// <param name="destination">Where its bytes are written.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task DownloadThumbnailAsync(string id, int number, Stream destination, CancellationToken cancellationToken = default) =>
        CopyAsync($"{AddressOfJob(id)}/thumbnails/{number}", destination, cancellationToken);

    private static string AddressOfJob(string id) => $"v1/jobs/{Uri.EscapeDataString(id)}";
}
