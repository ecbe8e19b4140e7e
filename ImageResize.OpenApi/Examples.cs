namespace ImageResize.OpenApi;

/// <summary>Examples that several operations use, as JSON.</summary>
internal static class Examples
{
    public const string Id = "019ac9a4-5f00-7c3a-9d0b-0a4f0a1f7b11";

    public const string Health =
        """
        {
          "status": "not ready",
          "parts": {
            "queue": { "state": "failed", "reason": "does not answer", "latencyMs": 2000.4, "ageSeconds": 0.2 },
            "table": { "state": "works", "latencyMs": 4.1, "ageSeconds": 0.2 },
            "blob": { "state": "works", "latencyMs": 3.8, "ageSeconds": 0.2 },
            "folder": { "state": "works", "latencyMs": 0.6, "ageSeconds": 0.2 }
          },
          "engine": {
            "threads": 4,
            "imagesInWork": 2,
            "childProcesses": 0,
            "isolation": "suspects",
            "sandbox": "process",
            "childMemoryBytes": 1000000000,
            "deadlineSeconds": 8,
            "libvips": "8.18.7"
          }
        }
        """;

    public const string History =
        """
        {
          "from": "2026-11-28T08:00:30+00:00",
          "to": "2026-11-28T09:00:30+00:00",
          "answeredBy": "web-1-5f2c",
          "minutes": [
            {
              "at": "2026-11-28T08:59:00+00:00",
              "instances": 2,
              "accepted": 500,
              "succeeded": 214,
              "failed": 3,
              "canceled": 0,
              "storageFaults": 0,
              "imagesInWork": 4,
              "queued": 29,
              "poisoned": 0
            }
          ],
          "instances": [
            {
              "name": "web-1-5f2c",
              "startedAt": "2026-11-28T07:12:04+00:00",
              "lastSeenAt": "2026-11-28T08:59:00+00:00",
              "accepted": 500,
              "succeeded": 110,
              "failed": 1,
              "cpuPercent": 96.5,
              "memoryBytes": 412000000,
              "imagesInWork": 2
            }
          ]
        }
        """;

    public const string Job =
        """
        {
          "source": "/ImageResize/images/CogentLabs.jpg",
          "actions": [
            { "measure": {} },
            { "thumbnail": { "width": 120, "height": 80, "fit": "cover", "format": "webp" } },
            { "thumbnail": { "width": 600 } }
          ]
        }
        """;

    public const string QueuedJob =
        $$"""
        {
          "id": "{{Id}}",
          "state": "queued",
          "submittedAt": "2026-11-28T09:00:00+00:00",
          "links": { "self": "/v1/jobs/{{Id}}", "wait": "/v1/jobs/{{Id}}?wait=20" }
        }
        """;

    public const string SucceededJob =
        $$"""
        {
          "id": "{{Id}}",
          "state": "succeeded",
          "source": "/ImageResize/images/CogentLabs.jpg",
          "submittedAt": "2026-11-28T09:00:00+00:00",
          "finishedAt": "2026-11-28T09:00:01+00:00",
          "size": { "width": 1996, "height": 830, "orientation": 1, "format": "jpeg" },
          "thumbnails": [
            {
              "width": 120, "height": 80, "format": "webp", "bytes": 1838,
              "source": "/ImageResize/images/resized/CogentLabs_120x80-6c1a1deb.webp",
              "href": "/v1/jobs/{{Id}}/thumbnails/0"
            }
          ],
          "links": { "self": "/v1/jobs/{{Id}}", "wait": "/v1/jobs/{{Id}}?wait=20" }
        }
        """;

    public const string FailedJob =
        $$"""
        {
          "id": "{{Id}}",
          "state": "failed",
          "source": "/ImageResize/images/missing.jpg",
          "submittedAt": "2026-11-28T09:00:00+00:00",
          "finishedAt": "2026-11-28T09:00:01+00:00",
          "thumbnails": [],
          "error": { "code": "source_not_found", "message": "The image does not exist." },
          "links": { "self": "/v1/jobs/{{Id}}", "wait": "/v1/jobs/{{Id}}?wait=20" }
        }
        """;

    public const string JobPage =
        $$"""
        { "value": [ {{FailedJob}} ], "nextLink": "/v1/batches/{{Id}}/jobs?from=100&state=failed" }
        """;

    public const string Batch =
        """
        {
          "name": "spring",
          "items": [
            { "source": "CogentLabs.jpg", "actions": [ { "measure": {} } ] },
            { "source": "/ImageResize/images/Japan/" }
          ],
          "actions": [ { "thumbnail": { "width": 64, "height": 64 } } ],
          "callback": { "url": "https://shop.example/thumbnails-are-ready" }
        }
        """;

    public const string ManifestBatch =
        """
        { "manifest": "blob://lists/all.ndjson", "actions": [ { "preset": "card" } ] }
        """;

    public const string Lines =
        """
        {"source":"logo.png","actions":[{"measure":{}}]}
        {"source":"portrait.jpg","actions":[{"thumbnail":{"width":64}}]}

        """;

    public const string QueuedBatch =
        $$"""
        {
          "id": "{{Id}}",
          "name": "spring",
          "state": "queued",
          "total": null,
          "counts": { "queued": null, "succeeded": 0, "failed": 0, "canceled": 0 },
          "links": {{BatchLinks}}
        }
        """;

    public const string RunningBatch =
        $$"""
        {
          "id": "{{Id}}",
          "name": "spring",
          "state": "running",
          "total": 12,
          "counts": { "queued": 4, "succeeded": 8, "failed": 0, "canceled": 0 },
          "percent": 66.7,
          "imagesPerSecond": 12.5,
          "estimatedEnd": "2026-11-28T09:00:07+00:00",
          "skipped": [ { "reason": "unsupported_format", "count": 1, "examples": [ "/ImageResize/images/Japan/a.heic" ] } ],
          "callback": { "state": "pending", "attempts": 0 },
          "links": {{BatchLinks}}
        }
        """;

    public const string CompletedBatch =
        $$"""
        {
          "id": "{{Id}}",
          "state": "completed",
          "total": 12,
          "counts": { "queued": 0, "succeeded": 11, "failed": 1, "canceled": 0 },
          "percent": 100,
          "imagesPerSecond": 12.5,
          "links": {{BatchLinks}}
        }
        """;

    public const string Upload =
        $$"""
        {
          "source": "upload://{{Id}}", "width": 1996, "height": 830, "format": "jpeg", "bytes": 281865,
          "uploadedAt": "2026-11-28T09:00:00+00:00", "name": "CogentLabs.jpg"
        }
        """;

    public const string UploadAddress =
        $$"""
        {
          "source": "upload://{{Id}}",
          "address": "https://example.blob.core.windows.net/imageresize-pending-20261128/...?sp=cw&sig=...",
          "headers": { "x-ms-meta-imageresizename": "scan.tif", "x-ms-blob-type": "BlockBlob" },
          "expiresAt": "2026-11-28T10:00:00+00:00",
          "maxBytes": 50000000
        }
        """;

    public const string ItemErrors =
        """
        [ { "item": 3, "code": "source_not_allowed", "message": "The path is outside the images folder." } ]
        """;

    private const string BatchLinks =
        $$"""
        {
          "self": "/v1/batches/{{Id}}",
          "jobs": "/v1/batches/{{Id}}/jobs",
          "events": "/v1/batches/{{Id}}/events",
          "thumbnails": "/v1/batches/{{Id}}/thumbnails.zip"
        }
        """;
}
