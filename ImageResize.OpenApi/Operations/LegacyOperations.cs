using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>The three endpoints of the replaced program.</summary>
internal static class LegacyOperations
{
    private const string Tag = "Image API";

    private const string Queued =
        """
        {
          "type": "object", "required": ["Result", "jobId"],
          "properties": { "Result": { "type": "string" }, "jobId": { "type": "string" } }
        }
        """;

    private const string FolderQueued =
        """
        {
          "type": "object", "required": ["Result", "batchId"],
          "properties": { "Result": { "type": "string" }, "batchId": { "type": "string" } }
        }
        """;

    private const string FolderText =
        "[3] image resizing tasks have been put into queue. Please directly go to [/ImageResize/images/resized/] to check the results.";

    private const string QueuedText = $"Target job with jobId={Examples.Id} cannot find. Please check its status and try again later.";

    private const string SizeOrThumbnail =
        """{ "oneOf": [ { "$ref": "#/components/schemas/LegacySize" }, { "$ref": "#/components/schemas/LegacyResize" } ] }""";

    private static readonly Parameter ImagePath = new(
        "imagePath",
        "query",
        """{ "type": "string", "minLength": 1, "maxLength": 4096 }""",
        "The source. Encode spaces, `&`, `+`, `#`, `%` and other letters than those of ASCII as UTF-8.",
        "\"/ImageResize/images/CogentLabs.jpg\"")
    { IsRequired = true };

    private static readonly Parameter CustomizedSize = new(
        "customizedSize",
        "query",
        """{ "type": "integer", "minimum": 1, "maximum": 4096, "default": 100 }""",
        "The side of the square that the thumbnail fits within, in pixels.",
        "300");

    private static readonly Parameter JobId =
        new("jobId", "query", """{ "type": "string", "minLength": 1 }""", "The id of a job.", $"\"{Examples.Id}\"") { IsRequired = true };

    public static IReadOnlyList<Operation> All { get; } = [Measure(), Resize(), Result()];

    private static Operation Measure() => new("GET", "/imageapi", "measureImage", Tag, "Measure an image")
    {
        Description = "Queues a job that reads width and height from the header of an image. `HEAD` is refused with 405.",
        Parameters = [ImagePath],
        Answers =
        [
            new(200, "The job was queued.", new Content(Content.Json, Queued, ("queued",
                $$"""
                {
                  "Result": "Task: Get the size of image [/ImageResize/images/CogentLabs.jpg] has been put into queue",
                  "jobId": "{{Examples.Id}}"
                }
                """))),
            new(400, "The request is invalid.", new Content(Content.Json, "LegacyError", ("noPath",
                """{ "Result": "Does not specify imagePath parameter. Image request is invalid." }"""))),
        ],
        Errors = [ErrorCode.TooMuchOpenWork, ErrorCode.DailyBytesUsed],
    };

    private static Operation Resize() => new("POST", "/imageapi", "resizeImage", Tag, "Make thumbnails of an image or a folder")
    {
        Description =
            "Queues a job that makes a thumbnail of an image, or a batch with one for each image directly in a folder. Thumbnails are " +
            "named `NAME_resized.EXT`, or `NAME_resizedToS.EXT` with `customizedSize=S`, in the same folder under `resized/`.",
        Parameters = [ImagePath, CustomizedSize],
        Answers =
        [
            new(200, "The job or the batch was queued.", new Content(
                Content.Json, $$"""{ "oneOf": [ {{Queued}}, {{FolderQueued}} ] }""",
                ("image",
                $$"""
                {
                  "Result": "Task: Resize image [/ImageResize/images/CogentLabs.jpg] has been put into queue",
                  "jobId": "{{Examples.Id}}"
                }
                """),
                ("folder",
                $$"""
                {
                  "Result": "{{FolderText}}",
                  "batchId": "{{Examples.Id}}"
                }
                """))),
            new(400, "The request is invalid.", Refused("missing", "Image file does not exist")),
            new(413, "The folder has more images than the settings allow.", Refused("tooMany", "The folder has too many images.")),
        ],
        Errors = [ErrorCode.TooMuchOpenWork, ErrorCode.DailyBytesUsed],
    };

    private static Operation Result() => new("GET", "/result", "getResult", Tag, "Get the result of a job")
    {
        Description = "The result of a measurement or a thumbnail. A failed job is answered with 200 and the reason.",
        Parameters = [JobId],
        Answers =
        [
            new(200, "The result.", new Content(
                Content.Json, SizeOrThumbnail,
                ("measured", """{ "Height": 830, "Result": "Get the size of target image successfully.", "Width": 1996 }"""),
                ("resized", """{ "Message": "/ImageResize/images/resized/CogentLabs_resized.jpg", "Resize": true }"""),
                ("failed", """{ "Message": "The given image path is not a valid image format", "Resize": false }"""))),
            new(400, "The parameter `jobId` is missing or repeated.", new Content(Content.Json, "LegacyError", ("noId",
                """{ "Result": "Does not specify jobId parameter. Image request is invalid." }"""))),
            new(404, "The job is queued, was canceled, is unknown or has expired.", new Content(
                Content.Json, "LegacyError",
                ("queued", $$"""{ "Result": "{{QueuedText}}" }"""),
                ("canceled", $$"""{ "Result": "Target job with jobId={{Examples.Id}} was canceled." }"""),
                ("unknown",
                    """{ "Result": "An error occured when trying to fetch the job. Error Message: No such job exists: nobody." }"""))),
        ],
    };

    private static Content Refused(string name, string message) => new(
        Content.Json,
        """{ "oneOf": [ { "$ref": "#/components/schemas/LegacyError" }, { "$ref": "#/components/schemas/LegacyRefusal" } ] }""",
        (name, $$"""{ "Resize": false, "Message": "{{message}}" }"""));
}
