using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Uploaded images.</summary>
internal static class UploadOperations
{
    private const string Tag = "Uploads";

    private const string Form =
        """
        {
          "type": "object",
          "description": "Files, of any name. Other fields are ignored.",
          "additionalProperties": { "type": "string", "contentMediaType": "application/octet-stream" }
        }
        """;

    private const string OneOrMore =
        """
        {
          "oneOf": [
            { "$ref": "#/components/schemas/UploadReply" },
            { "type": "array", "minItems": 2, "items": { "$ref": "#/components/schemas/UploadReply" } }
          ]
        }
        """;

    /// <summary>The content types of an image in a request.</summary>
    public static IReadOnlyList<Content> Bodies { get; } =
    [
        new("image/*", Schema: null), new("application/octet-stream", Schema: null),
        new("multipart/form-data", Form), new("application/x-www-form-urlencoded", """{ "type": "string" }"""),
    ];

    public static IReadOnlyList<Operation> All { get; } = [Add(), CreateAddress(), List(), Find(), Delete()];

    private static Operation Add() => new("POST", "/v1/images", "uploadImage", Tag, "Upload an image")
    {
        Description =
            "Stores all images of the request or none. The format is detected from the bytes; declared types are ignored. An " +
            "image may have 50,000,000 bytes (`ImageResize__Uploads__MaxBytes`), a form 20 parts and 104,857,600 bytes. A key may send " +
            "600 uploads per minute and 8 at once.",
        Parameters =
        [
            new(
                "name",
                "query",
                """{ "type": "string", "maxLength": 200 }""",
                "The name of the file, if the body is the image. Files of a form have their own.",
                "\"beach.jpg\""),
            new(
                "keepNames",
                "query",
                """{ "type": "boolean", "default": true }""",
                "Whether the names of files are kept, for jobs and archives.",
                "false"),
        ],
        Body = Bodies,
        Answers =
        [
            new(201, "The image, or an array if a form has several.", new Content(
                Content.Json, OneOrMore, ("one", Examples.Upload), ("several", $"[ {Examples.Upload}, {Examples.Upload} ]")))
            {
                Headers = ["Location"],
            },
        ],
        Errors =
        [
            ErrorCode.SourceEmpty, ErrorCode.SourceTooLarge, ErrorCode.TooManyParts, ErrorCode.ContentEncodingNotSupported,
            ErrorCode.UnsupportedMediaType, ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat, ErrorCode.Damaged,
            ErrorCode.DailyBytesUsed, ErrorCode.Busy, ErrorCode.DiskFull,
        ],
    };

    private static Operation CreateAddress() =>
        new("POST", "/v1/uploads", "createUploadAddress", Tag, "Get an address for a large upload")
        {
            Description =
                "The answer has an address of the service's storage. Send the image there with `PUT`, with the `headers` of the answer " +
                "and without a key, within an hour. Then use `source` like that of any upload. It's checked when it's first used, by the " +
                "rules of `POST /v1/images`: get its description to see whether it is accepted. From then on, what is sent to the " +
                "address has no effect. An upload that isn't used is deleted after the next UTC day. Whoever knows the address can send " +
                "the image.",
            Body = [new(Content.Json, "UploadAddressRequest", ("file", """{ "name": "scan.tif", "bytes": 48000000 }"""))],
            Answers =
            [
                new(201, "Where to send the image.", new Content(Content.Json, "UploadAddressReply", ("address", Examples.UploadAddress)))
                {
                    Headers = ["Location"],
                },
            ],
            Errors =
            [
                ErrorCode.InvalidRequest, ErrorCode.SourceTooLarge, ErrorCode.ContentEncodingNotSupported, ErrorCode.UnsupportedMediaType,
                ErrorCode.DailyBytesUsed, ErrorCode.UploadAddressUnavailable,
            ],
        };

    private static Operation List() => new("GET", "/v1/images", "listUploads", Tag, "List uploaded images")
    {
        Description =
            "The caller's uploads, the newest first, up to 100 per page. A page has fewer if a filter matches few of the 5,000 uploads " +
            "that it looks at: follow `nextLink` until it's missing.",
        Parameters =
        [
            new(
                "name",
                "query",
                """{ "type": "string", "maxLength": 200 }""",
                "Selects uploads whose name contains this text, in any case.",
                "\"beach\""),
            new(
                "after",
                "query",
                """{ "type": "string", "maxLength": 36 }""",
                "The last upload of the page before, as in `nextLink`.",
                $"\"{Examples.Id}\""),
        ],
        Answers =
        [
            new(200, "A page of uploads.", new Content(
                Content.Json, "UploadPageReply", ("one", $$"""{ "value": [ {{Examples.Upload}} ] }"""))),
        ],
        Errors = [ErrorCode.InvalidRequest],
    };

    private static Operation Find() => new("GET", "/v1/images/{id}", "getUpload", Tag, "Get an uploaded image's description")
    {
        Description =
            "Uploads expire with retention. An image that was sent to storage is checked when this is asked for first, or when a job " +
            "uses it.",
        Answers = [new(200, "The upload.", new Content(Content.Json, "UploadReply", ("upload", Examples.Upload)))],
        Errors =
        [
            ErrorCode.UploadNotFound, ErrorCode.UploadExpired, ErrorCode.SourceEmpty, ErrorCode.SourceTooLarge,
            ErrorCode.SourceUnreachable, ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat, ErrorCode.Damaged, ErrorCode.TooLarge,
            ErrorCode.DailyBytesUsed,
        ],
    };

    private static Operation Delete() => new("DELETE", "/v1/images/{id}", "deleteUpload", Tag, "Delete an uploaded image")
    {
        Description =
            "Deletes the image and its thumbnails at once. Thumbnails that are being made meanwhile are deleted within five minutes. " +
            "Jobs keep their results without the images. Deleting it again succeeds.",
        Answers = [Answer.Deleted],
        Errors = [ErrorCode.UploadNotFound],
    };
}
