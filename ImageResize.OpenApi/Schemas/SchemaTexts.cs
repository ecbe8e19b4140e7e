using System.Text.Json.Nodes;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Functions.Http.Batches;

namespace ImageResize.OpenApi.Schemas;

/// <summary>Descriptions of the properties of requests and responses, and what ASP.NET Core can't find in their types.</summary>
internal static class SchemaTexts
{
    public static JsonNode Properties { get; } = JsonNode.Parse(
        """
        {
          "ActionRequest.measure": "Reads the size from the image's header.",
          "ActionRequest.thumbnail": "Makes a thumbnail.",
          "ActionRequest.preset": "Makes the thumbnail that the settings define by this name (`ImageResize__Presets__NAME__Width`...).",
          "BatchLinks.self": "The batch.",
          "BatchLinks.jobs": "Its jobs.",
          "BatchLinks.events": "Its progress as server-sent events.",
          "BatchLinks.thumbnails": "Its thumbnails as an archive.",
          "BatchReply.id": "The id of the batch.",
          "BatchReply.name": "The name that the caller gave it.",
          "BatchReply.state": "`queued` until a job has ended, then `running` until all have.",
          "BatchReply.total": "The number of jobs. Null until all are listed.",
          "BatchReply.counts": "The jobs by state.",
          "BatchReply.percent": "How many of the jobs have ended. Missing until all are listed.",
          "BatchReply.imagesPerSecond": "The average since the batch was submitted.",
          "BatchReply.estimatedEnd": "The expected end at the average speed so far.",
          "BatchReply.skipped": "The files of folders that did not become jobs.",
          "BatchReply.retryOf": "The batch whose failed jobs this one repeats.",
          "BatchReply.callback": "The state of the callback's delivery.",
          "BatchReply.links": "Addresses, without the host.",
          "BatchRequest.name": "A name for people. Can't contain control characters.",
          "BatchRequest.items": "The images. Either this or `manifest`.",
          "BatchRequest.manifest": "A blob with one item per line.",
          "BatchRequest.actions": "The actions of items without their own.",
          "BatchRequest.callback": "Who is called when the batch has ended.",
          "CallbackReply.state": "`pending` until the receiver has confirmed it or it's given up.",
          "CallbackReply.attempts": "The number of attempts so far.",
          "CallbackReply.lastStatus": "The HTTP status of the last answer.",
          "CallbackReply.lastReason": "Why the last attempt failed.",
          "CallbackReply.nextAttemptAt": "When it's tried again.",
          "CallbackRequest.url": "A public address with port 80 or 443.",
          "CountsReply.queued": "Jobs without a result. Null until all are listed.",
          "CountsReply.succeeded": "Jobs that succeeded.",
          "CountsReply.failed": "Jobs that failed.",
          "CountsReply.canceled": "Jobs that were canceled.",
          "EngineReply.threads": "Images that are decoded at once.",
          "EngineReply.imagesInWork": "Images that are being decoded.",
          "EngineReply.childProcesses": "Child processes that decode images, idle ones included.",
          "EngineReply.isolation": "Images that are decoded in child processes: all that libvips reads, or those that may crash one.",
          "EngineReply.sandbox": "`process`: child processes have no keys, and limits. `kernel`: the kernel confines them, too.",
          "EngineReply.childMemoryBytes": "The memory at which a child process is ended.",
          "EngineReply.deadlineSeconds": "The processor time after which an image is refused.",
          "EngineReply.libvips": "The version of libvips.",
          "HealthReply.status": "In words.",
          "HealthReply.parts": "The state of each dependency. Only with the admin key.",
          "HealthReply.engine": "How images are processed. Only with the admin key.",
          "HistoryReply.from": "The beginning of the time shown.",
          "HistoryReply.to": "The end of the time shown.",
          "HistoryReply.answeredBy": "The instance that answered.",
          "HistoryReply.minutes": "All instances together, oldest first. Minutes in which no instance ran are missing.",
          "HistoryReply.instances": "The instances of this time, by name.",
          "ImageSize.width": "In pixels, as stored: before the EXIF orientation is applied.",
          "ImageSize.height": "In pixels, as stored.",
          "ImageSize.orientation": "EXIF orientation; 1 if the image has none.",
          "ImageSize.format": "Detected from the bytes.",
          "InstanceReply.name": "No other instance has it.",
          "InstanceReply.startedAt": "When it started.",
          "InstanceReply.lastSeenAt": "The last minute that it stored. One that is older than 3 minutes has ended.",
          "InstanceReply.accepted": "Jobs submitted to it in this time.",
          "InstanceReply.succeeded": "Jobs that succeeded in it.",
          "InstanceReply.failed": "Jobs that failed in it.",
          "InstanceReply.cpuPercent": "Processor time in the last minute, in percent of all cores.",
          "InstanceReply.memoryBytes": "Memory at the end of it.",
          "InstanceReply.imagesInWork": "Images that were being decoded.",
          "ItemError.item": "The number of the item, from 0.",
          "ItemError.line": "With one item per line: the number of the line, from 1. Empty lines count, as in an editor.",
          "ItemError.code": "For programs. Never changes.",
          "ItemError.message": "For people.",
          "ItemRequest.source": "The source: an image, a folder or a prefix.",
          "ItemRequest.name": "A name for the image, not for a folder. Characters that are not safe in the name of a file are replaced.",
          "ItemRequest.actions": "What to do with it. Without it, the actions of the batch.",
          "JobError.code": "For programs. Never changes. New codes may be added.",
          "JobError.message": "For people.",
          "JobLinks.self": "The job.",
          "JobLinks.wait": "The address that answers when the job has ended, or after 20 seconds.",
          "BatchPageReply.value": "The batches of the page.",
          "BatchPageReply.nextLink": "The next page. Missing on the last one.",
          "JobPageReply.value": "The jobs of the page.",
          "JobPageReply.nextLink": "The next page. Missing on the last one.",
          "JobReply.id": "The id of the job: that of its batch, or `BATCH-NUMBER` if the batch has several jobs.",
          "JobReply.state": "Final, unless it's `queued`.",
          "JobReply.name": "The name that the caller gave it, or that of the uploaded file when the job has ended.",
          "JobReply.source": "The source, without secrets of a web address. Missing in a job that is queued alone.",
          "JobReply.submittedAt": "When the job was submitted.",
          "JobReply.finishedAt": "When the job ended.",
          "JobReply.size": "The size, if it was asked for.",
          "JobReply.thumbnails": "The thumbnails, in the order of the actions. Empty if they were asked for and the job failed.",
          "JobReply.error": "Why the job failed.",
          "JobReply.links": "Addresses, without the host.",
          "JobRequest.source": "The source: one image.",
          "JobRequest.name": "A name for the image. Characters that are not safe in the name of a file are replaced.",
          "JobRequest.actions": "What to do with it.",
          "MinuteReply.at": "The end of the minute, rounded down.",
          "MinuteReply.instances": "The number of instances.",
          "MinuteReply.accepted": "Jobs submitted.",
          "MinuteReply.succeeded": "Jobs that succeeded.",
          "MinuteReply.failed": "Jobs that failed.",
          "MinuteReply.canceled": "Jobs that were canceled.",
          "MinuteReply.storageFaults": "Requests and messages that storage failed.",
          "MinuteReply.imagesInWork": "Images that were being decoded.",
          "MinuteReply.queued": "Messages in the work queues.",
          "MinuteReply.poisoned": "Messages that have failed too often.",
          "PartReply.state": "In a word.",
          "PartReply.reason": "Why it doesn't work.",
          "PartReply.latencyMs": "How long the check took.",
          "PartReply.ageSeconds": "The time since the check began.",
          "SkippedFiles.reason": "Why: `hidden`, `folder_marker`, `unknown_extension`, or an error code.",
          "SkippedFiles.count": "The number of files.",
          "SkippedFiles.examples": "The first of these files.",
          "ThumbnailReply.width": "In pixels.",
          "ThumbnailReply.height": "In pixels.",
          "ThumbnailReply.format": "The format of the thumbnail.",
          "ThumbnailReply.bytes": "Its size in bytes.",
          "ThumbnailReply.source": "Where it's stored. Can be used as a source.",
          "ThumbnailReply.href": "The address of its bytes, without the host.",
          "ThumbnailReply.note": "How the thumbnail differs from what was asked for.",
          "ThumbnailRequest.width": "The width of the box in pixels. Images are never enlarged.",
          "ThumbnailRequest.height": "The height of the box in pixels. With `inside`, one side is enough.",
          "ThumbnailRequest.format": "The format of the thumbnail.",
          "ThumbnailRequest.metadata": "The metadata that is kept.",
          "ThumbnailRequest.fit": "Fits within the box; fills the box and crops; stretches to the box.",
          "ThumbnailRequest.gravity": "The part that `cover` keeps.",
          "ThumbnailRequest.quality": "For JPEG, WebP and AVIF.",
          "ThumbnailRequest.background": "Replaces transparent pixels in formats without transparency, as #rrggbb. White by default.",
          "ThumbnailRequest.animated": "Keeps all frames of a GIF or WebP."
        }
        """)!;

    /// <summary>The formats of a thumbnail in the same answer.</summary>
    public static string DirectFormat { get; } =
        $$"""{ "type": "string", "enum": {{Words(OutputFormat.Names.Append("auto"))}}, "default": "same" }""";

    /// <summary>Values that replace those that ASP.NET Core finds, by schema or property.</summary>
    public static JsonNode Corrections { get; } = JsonNode.Parse(
        $$"""
        {
          "ActionRequest": {
            "description": "What to do with an image: one of the properties.",
            "oneOf": [ { "required": ["measure"] }, { "required": ["thumbnail"] }, { "required": ["preset"] } ]
          },
          "BatchLinks": { "description": "Addresses of a batch." },
          "BatchReply.total": { "type": ["integer", "null"], "minimum": 0 },
          "BatchReply": { "description": "A batch and its progress." },
          "BatchRequest": {
            "description": "Many images under one id.",
            "oneOf": [ { "required": ["items"] }, { "required": ["manifest"] } ]
          },
          "BatchRequest.actions": { "items": { "$ref": "#/components/schemas/ActionRequest" } },
          "BatchRequest.callback": {
            "type": null, "required": null, "properties": null, "additionalProperties": null,
            "oneOf": [ { "type": "null" }, { "$ref": "#/components/schemas/CallbackRequest" } ]
          },
          "BatchRequest.items": { "items": { "$ref": "#/components/schemas/ItemRequest" }, "maxItems": {{BatchRequest.MaxItems}} },
          "BatchRequest.name": { "pattern": "^[^\\p{Cc}]*$" },
          "BatchState": { "description": "The state of a batch." },
          "CallbackReply": { "description": "The delivery of a callback." },
          "CallbackRequest": { "description": "Who is called when a batch has ended." },
          "CallbackState": { "description": "The state of a delivery." },
          "CountsReply": { "description": "Jobs by their state." },
          "CountsReply.queued": { "type": ["integer", "null"], "minimum": 0 },
          "Fit": { "description": "How an image is fitted to its box." },
          "Gravity": { "description": "The part of an image that is kept." },
          "EngineReply": { "description": "How images are processed." },
          "EngineReply.isolation": { "enum": ["suspects", "all"] },
          "HistoryReply": { "description": "The last hours of all instances." },
          "InstanceReply": { "description": "An instance of the service." },
          "MinuteReply": { "description": "What all instances did in a minute." },
          "PartReply": { "description": "The state of a dependency." },
          "PartReply.state": { "enum": ["works", "degraded", "failed"] },
          "HealthReply.engine": {
            "type": null, "required": null, "properties": null, "additionalProperties": null,
            "$ref": "#/components/schemas/EngineReply"
          },
          "HealthReply.parts": { "additionalProperties": { "$ref": "#/components/schemas/PartReply" } },
          "HealthReply": { "description": "The state of the service." },
          "HealthReply.status": { "enum": ["live", "ready", "not ready"] },
          "ImageFormat": { "description": "An image format." },
          "ImageSize.orientation": { "minimum": 1, "maximum": 8 },
          "ImageSize": { "description": "The size of an image." },
          "ItemError": { "description": "Why an item is invalid." },
          "ItemRequest.actions": { "items": { "$ref": "#/components/schemas/ActionRequest" } },
          "ItemRequest": { "description": "An item of a batch." },
          "JobError.code": { "enum": {{Words(ErrorTexts.OfJobs.Select(error => error.Name))}} },
          "JobReply": { "description": "A job and its result." },
          "JobError": { "description": "Why a job failed." },
          "JobLinks": { "description": "Addresses of a job." },
          "BatchPageReply": { "description": "A page of batches." },
          "JobPageReply": { "description": "A page of jobs." },
          "JobRequest.actions": { "minItems": 1, "maxItems": {{JobRequest.MaxActions}} },
          "JobRequest.source": { "minLength": 1, "maxLength": 4096 },
          "JobRequest": { "description": "One image and what to do with it." },
          "MeasureRequest": { "description": "Has no properties." },
          "MetadataKind": { "description": "A kind of metadata." },
          "SkippedFiles": { "description": "Files of folders that did not become jobs, for one reason." },
          "ThumbnailReply": { "description": "A thumbnail." },
          "ThumbnailRequest.animated": { "default": false },
          "ThumbnailRequest.fit": { "default": "inside" },
          "ThumbnailRequest.format": { "default": "same" },
          "ThumbnailRequest.gravity": { "default": "centre" },
          "ThumbnailRequest.height": { "type": ["integer", "null"] },
          "ThumbnailRequest.quality": { "type": ["integer", "null"] },
          "ThumbnailRequest.width": { "type": ["integer", "null"] },
          "JobState": { "description": "The state of a job.", "enum": ["queued", "succeeded", "failed", "canceled"] },
          "OutputFormat": {
            "type": "string",
            "description": "A format that thumbnails can have, or `same`: that of the image.",
            "enum": {{Words(OutputFormat.Names)}}
          },
          "ThumbnailRequest": {
            "description": "A thumbnail.",
            "anyOf": [
              { "required": ["width"], "properties": { "width": { "type": "integer" } } },
              { "required": ["height"], "properties": { "height": { "type": "integer" } } }
            ]
          }
        }
        """)!;

    private static string Words(IEnumerable<string> words) =>
        $"[{string.Join(", ", words.Select(word => $"\"{word.ToLowerInvariant()}\""))}]";
}
