using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Schemas;

/// <summary>Descriptions of watches, as <see cref="SchemaTexts"/> has them for other types.</summary>
internal static class WatchTexts
{
    public static JsonNode Properties { get; } = JsonNode.Parse(
        """
        {
          "WatchCounts.found": "Images that were found, and new versions of images.",
          "WatchCounts.succeeded": "Those that were processed.",
          "WatchCounts.failed": "Those that could not be processed.",
          "WatchCounts.canceled": "Those whose batches were canceled.",
          "WatchError.message": "What is wrong.",
          "WatchError.at": "Since when.",
          "WatchListReply.watches": "The watches, by name.",
          "WatchReply.name": "The operator's name for it.",
          "WatchReply.source": "The container, prefix or folder.",
          "WatchReply.intervalSeconds": "The pause between two listings. 0: images are announced by events.",
          "WatchReply.lastSeenAt": "When an image was found last. Missing before the first.",
          "WatchReply.counts": "Images by outcome, since the watch was set up.",
          "WatchReply.openBatches": "Batches that have not ended.",
          "WatchReply.error": "Why images can't be found or submitted. Missing if they can."
        }
        """)!;

    public static JsonNode Corrections { get; } = JsonNode.Parse(
        """
        {
          "WatchCounts": { "description": "Images of a watch by outcome." },
          "WatchError": { "description": "Why a watch doesn't work. It's tried again every few seconds." },
          "WatchListReply": { "description": "What is watched." },
          "WatchReply": { "description": "A container or folder whose images are processed as they appear." },
          "WatchReply.error": {
            "type": null, "required": null, "properties": null, "additionalProperties": null, "oneOf": null,
            "$ref": "#/components/schemas/WatchError"
          }
        }
        """)!;
}
