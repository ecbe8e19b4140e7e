using System.Text.Json.Nodes;

namespace ImageResize.OpenApi;

/// <summary>The parts of the document that belong to no operation, as JSON.</summary>
internal static class ServiceTexts
{
    public const string HeadTag = "Headers only";

    public const string Servers =
        """
        [
          { "url": "/", "description": "The service that sent this document" },
          { "url": "http://127.0.0.1:7071", "description": "dotnet run --project ImageResize.Functions" }
        ]
        """;

    public const string Tags =
        $$"""
        [
          { "name": "Image API", "description": "The original endpoints. All parameters are in the query, and bodies are empty." },
          { "name": "Direct", "description": "One image, answered with its thumbnail or size." },
          { "name": "Jobs", "description": "One image: its size and several thumbnails." },
          { "name": "Batches", "description": "Many images under one id." },
          { "name": "Uploads", "description": "Images that callers send. Their `source` can be used in jobs and batches." },
          { "name": "Watches", "description": "Containers and folders whose images are processed as they appear." },
          { "name": "Service", "description": "Health, metrics and this description." },
          { "name": "{{HeadTag}}", "description": "`HEAD` for what can be read with `GET`." },
          { "name": "Callbacks", "description": "Requests that the service sends." }
        ]
        """;

    public const string SecuritySchemes =
        """
        {
          "key": {
            "type": "apiKey", "in": "header", "name": "x-functions-key",
            "description": "A function key under the Functions host, standalone the value of a setting `ImageResize__Keys__NAME`."
          },
          "keyInQuery": {
            "type": "apiKey", "in": "query", "name": "code",
            "description": "The same key, only if headers can't be set: many systems log addresses."
          },
          "token": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "With `ImageResize__Identity__Authority`: a token with the role `Images.Read`, `.Submit` or `.Admin`."
          },
          "adminKey": {
            "type": "apiKey", "in": "header", "name": "x-functions-key",
            "description": "The operator's key: `ImageResize__AdminKey` standalone, the master key under the Functions host."
          }
        }
        """;

    public const string Headers =
        """
        {
          "Location": {
            "description": "The address of what was created, or where to send the request.",
            "schema": { "type": "string" }, "example": "/v1/jobs/019ac9a4-5f00-7c3a-9d0b-0a4f0a1f7b11"
          },
          "Retry-After": {
            "description": "When to send the next request, in seconds.",
            "schema": { "type": "integer", "minimum": 1 }, "example": 1
          },
          "Cache-Control": {
            "description": "How long caches keep the response.", "schema": { "type": "string" }, "example": "public, max-age=3600"
          },
          "Vary": {
            "description": "`Accept`, if the format depends on it.", "schema": { "type": "string" }, "example": "Accept"
          },
          "ETag": { "description": "The version of the content.", "schema": { "type": "string" }, "example": "\"5f2c\"" },
          "Content-Disposition": {
            "description": "A file name.", "schema": { "type": "string" }, "example": "inline; filename=\"CogentLabs_300x125.webp\""
          },
          "Image-Width": { "description": "Of the thumbnail, in pixels.", "schema": { "type": "integer" }, "example": 300 },
          "Image-Height": { "description": "Of the thumbnail, in pixels.", "schema": { "type": "integer" }, "example": 125 },
          "Image-Note": {
            "description": "How the thumbnail differs from what was asked for, for people.", "schema": { "type": "string" },
            "example": "JPEG has no animation. The thumbnail is the first frame."
          },
          "Source-Width": { "description": "Of the image, in pixels.", "schema": { "type": "integer" }, "example": 1996 },
          "Source-Height": { "description": "Of the image, in pixels.", "schema": { "type": "integer" }, "example": 830 },
          "Server-Timing": {
            "description": "Milliseconds of reading and making.", "schema": { "type": "string" }, "example": "read;dur=3.1, make;dur=12.4"
          },
          "WWW-Authenticate": {
            "description": "How to send a key or a token.", "schema": { "type": "string" }, "example": "Key realm=\"ImageResize\""
          },
          "RateLimit-Policy": {
            "description": "What the caller may submit: processor time of unfinished jobs, and bytes in a UTC day.",
            "schema": { "type": "string" },
            "example": "\"open-work\";q=100000;qu=\"processor-seconds\", \"daily-bytes\";q=200000000000;qu=\"content-bytes\";w=86400"
          },
          "RateLimit": {
            "description": "What is left of it.",
            "schema": { "type": "string" },
            "example": "\"open-work\";r=99871, \"daily-bytes\";r=199938820113;t=41220"
          }
        }
        """;

    /// <summary>Markdown.</summary>
    private const string Description =
        """
        A request is answered with a job id at once; queue workers do the work, and the result is read by that id.

        # Sources

        A source is a string that names an image: `/ImageResize/images/a/b.jpg` or `a/b.jpg` (a file in the images folder),
        `blob://photos/2026/a.jpg` (a blob), `upload://ID` (an uploaded image) or `https://example.com/a.jpg` (a public web address). In a
        batch, `a/` names a folder, `a/**` a folder with its subfolders, `blob://photos/2026/` a prefix and `blob://photos/2026/**` a
        prefix at any depth.

        # Limits

        Standalone, a key may send 3,000 requests per minute and 300 at once, 600 uploads per minute and 8 at once, and have 200 concurrent
        event streams, archives and waits. In both hosts, the unfinished jobs of a caller may take 100,000 seconds of processor time, and
        its uploads and thumbnails 200 GB in a UTC day. Above a limit the answer is 429 with `Retry-After`. All limits are settings.

        # Errors

        Errors are `application/problem+json` (RFC 9457) with a stable `code`. An address that doesn't exist is answered with 404
        `not_found`, an unsupported method with 405 `method_not_allowed`. Under Azure Functions, the host itself answers some requests with
        an empty body: 401 without a valid key, 404 for other addresses, and 500 for a body that is too large or too slow.

        # Repeating requests

        Any `POST` with an `Idempotency-Key` can be repeated safely for 24 hours.
        """;

    public static JsonObject Info => new()
    {
        ["title"] = "ImageResize",
        ["version"] = "1",
        ["summary"] = "Measures images and makes thumbnails, from a single image to a folder of a million.",
        ["description"] = Description,
        ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
    };
}
