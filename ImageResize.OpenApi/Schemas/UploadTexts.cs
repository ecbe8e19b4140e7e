using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Schemas;

/// <summary>Descriptions of uploads, as <see cref="SchemaTexts"/> has them for other types.</summary>
internal static class UploadTexts
{
    public static JsonNode Properties { get; } = JsonNode.Parse(
        """
        {
          "UploadAddressReply.source": "The source that the image becomes.",
          "UploadAddressReply.address": "Where to send the image with `PUT`, without a key. Secret.",
          "UploadAddressReply.headers": "To be sent with the image.",
          "UploadAddressReply.expiresAt": "Until when it can be sent.",
          "UploadAddressReply.maxBytes": "Larger images are refused when they're used.",
          "UploadAddressRequest.name": "The name of the file. What isn't safe in it is replaced.",
          "UploadAddressRequest.bytes": "Its size, so that a file that is too large is refused before it's sent.",
          "UploadPageReply.value": "The uploads of the page.",
          "UploadPageReply.nextLink": "The next page. Missing on the last one.",
          "UploadReply.source": "The source that all endpoints accept.",
          "UploadReply.width": "In pixels, as stored.",
          "UploadReply.height": "In pixels, as stored.",
          "UploadReply.format": "Detected from the bytes.",
          "UploadReply.bytes": "Its size in bytes.",
          "UploadReply.uploadedAt": "When it was uploaded.",
          "UploadReply.name": "The name of the file, if it was sent and kept."
        }
        """)!;

    public static JsonNode Corrections { get; } = JsonNode.Parse(
        """
        {
          "UploadAddressReply": { "description": "Where and how to send a large upload." },
          "UploadAddressRequest": { "description": "A file that will be uploaded." },
          "UploadPageReply": { "description": "A page of uploads." },
          "UploadReply": { "description": "An uploaded image." }
        }
        """)!;
}
