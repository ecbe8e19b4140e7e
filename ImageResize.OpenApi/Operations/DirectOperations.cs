using ImageResize.Core.Errors;
using ImageResize.OpenApi.Schemas;

namespace ImageResize.OpenApi.Operations;

/// <summary>Endpoints that answer with the thumbnail, or the size, itself.</summary>
internal static class DirectOperations
{
    private const string Tag = "Direct";

    private const string Preset = """{ "type": "string", "minLength": 1 }""";

    private static readonly ErrorCode[] Errors =
    [
        ErrorCode.InvalidSource, ErrorCode.SourceNotAllowed, ErrorCode.SourceNotFound, ErrorCode.SourceNotAFile, ErrorCode.SourceIsFolder,
        ErrorCode.SourceEmpty, ErrorCode.SourceTooLarge, ErrorCode.SourceNotPublic, ErrorCode.SourceUnreachable, ErrorCode.TooManyParts,
        ErrorCode.ContentEncodingNotSupported, ErrorCode.UnsupportedMediaType, ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat,
        ErrorCode.Damaged, ErrorCode.ImageTooSlow, ErrorCode.DecoderCrashed, ErrorCode.Busy, ErrorCode.DiskFull,
    ];

    public static IReadOnlyList<Operation> All { get; } = [Make(), Measure()];

    private static Operation Make() => new("POST", "/v1/thumbnails", "makeThumbnail", Tag, "Make a thumbnail at once")
    {
        Description =
            "Answers with the thumbnail and stores nothing. The image is the body, a form with one file, or the `source` of a JSON " +
            "body. Options are parameters or in the JSON body. 16 requests of a caller, and 64 of all callers, are processed or wait at " +
            "a time, at most 30 seconds.",
        Parameters =
        [
            Integer("width", 4_096, "The width of the box in pixels.", 300),
            Integer("height", 4_096, "The height of the box in pixels. With `inside`, one side is enough.", 200),
            Reference("fit", "Fit", "How the image is fitted to the box. `inside` by default.", "cover"),
            Reference("gravity", "Gravity", "The part that `cover` keeps. `centre` by default.", "attention"),
            new(
                "format",
                "query",
                SchemaTexts.DirectFormat,
                "The format of the thumbnail. With `auto`, AVIF or WebP if the `Accept` header names them, otherwise that of the image.",
                "\"webp\""),
            Integer("quality", 100, "For JPEG, WebP and AVIF.", 80),
            new(
                "background",
                "query",
                """{ "type": "string", "pattern": "^#[0-9a-fA-F]{6}$" }""",
                "Replaces transparent pixels in formats without transparency.",
                "\"#ffffff\""),
            new("metadata", "query", Preset, "The metadata that is kept, separated by commas.", "\"copyright,colourProfile\""),
            new("animated", "query", """{ "type": "boolean", "default": false }""", "Keeps all frames of a GIF or WebP.", "true"),
            new("preset", "query", Preset, "A thumbnail of the settings, instead of the other options.", "\"card\""),
        ],
        Body =
        [
            new Content(Content.Json, "DirectThumbnailRequest", ("source", """{ "source": "CogentLabs.jpg", "width": 300 }""")),
            .. UploadOperations.Bodies,
        ],
        Answers =
        [
            new(200, "The thumbnail.", new Content("image/*", Schema: null))
            {
                Headers =
                [
                    "ETag", "Content-Disposition", "Image-Width", "Image-Height", "Image-Note", "Source-Width", "Source-Height",
                    "Server-Timing",
                ],
            },
            new(304, "The thumbnail is that of the `ETag` in `If-None-Match`."),
        ],
        Errors = [.. Errors, ErrorCode.UnknownPreset],
    };

    private static Operation Measure() => new("POST", "/v1/measure", "measure", Tag, "Measure an image at once")
    {
        Description = "Answers with the size of the image in the body or of the `source` in a JSON body.",
        Body =
        [
            new Content(Content.Json, "DirectMeasureRequest", ("source", """{ "source": "CogentLabs.jpg" }""")),
            .. UploadOperations.Bodies,
        ],
        Answers =
        [
            new(200, "The size.", new Content(
                Content.Json, "ImageSize", ("size", """{ "width": 1996, "height": 830, "orientation": 1, "format": "jpeg" }"""))),
        ],
        Errors = Errors,
    };

    private static Parameter Integer(string name, int maximum, string description, int example) => new(
        name,
        "query",
        $$"""{ "type": "integer", "minimum": 1, "maximum": {{maximum}} }""",
        description,
        example.ToString());

    private static Parameter Reference(string name, string schema, string description, string example) =>
        new(name, "query", $$"""{ "$ref": "#/components/schemas/{{schema}}" }""", description, $"\"{example}\"");
}
