using System.Text.Json.Nodes;

namespace ImageResize.OpenApi.Schemas;

/// <summary>Schemas of bodies that have no type of their own in the program.</summary>
internal static class OtherSchemas
{
    public static JsonNode All { get; } = JsonNode.Parse(
        """
        {
          "Problem": {
            "type": "object",
            "description": "An error, by RFC 9457.",
            "required": ["status", "code"],
            "properties": {
              "type": { "type": "string", "description": "Where the status is defined." },
              "title": { "type": "string", "description": "The status in words." },
              "status": { "type": "integer", "description": "The status of the response.", "minimum": 400, "maximum": 599 },
              "detail": { "type": "string", "description": "For people: what is wrong, and what to do." },
              "code": { "type": "string", "description": "For programs: which error it is. Never changes. New codes may be added." },
              "errors": {
                "type": "object",
                "description": "With `invalid_request`: the messages for each invalid value, by its path.",
                "additionalProperties": { "type": "array", "items": { "type": "string" } }
              },
              "items": {
                "type": "array",
                "description": "With `invalid_items`: the first hundred invalid items.",
                "maxItems": 100,
                "items": { "$ref": "#/components/schemas/ItemError" }
              },
              "traceId": { "type": "string", "description": "The id of the request in logs and traces." }
            }
          },
          "DirectMeasureRequest": {
            "type": "object",
            "description": "The image to measure.",
            "required": ["source"],
            "properties": { "source": { "type": "string", "minLength": 1, "description": "The source: one image." } },
            "additionalProperties": false
          },
          "LegacyError": {
            "type": "object",
            "description": "Why a request of the original endpoints was refused.",
            "required": ["Result"],
            "properties": { "Result": { "type": "string", "description": "For people." } }
          },
          "LegacyRefusal": {
            "type": "object",
            "description": "Why no thumbnail was queued.",
            "required": ["Resize", "Message"],
            "properties": {
              "Resize": { "type": "boolean", "const": false, "description": "Always false." },
              "Message": { "type": "string", "description": "For people." }
            }
          },
          "LegacySize": {
            "type": "object",
            "description": "The result of a measurement.",
            "required": ["Height", "Result", "Width"],
            "properties": {
              "Height": { "type": "integer", "minimum": -1, "description": "In pixels; -1 if it can't be read." },
              "Result": { "type": "string", "description": "For people." },
              "Width": { "type": "integer", "minimum": -1, "description": "In pixels; -1 if it can't be read." }
            }
          },
          "LegacyResize": {
            "type": "object",
            "description": "The result of a thumbnail.",
            "required": ["Message", "Resize"],
            "properties": {
              "Message": { "type": "string", "description": "The path of the thumbnail, or why there is none." },
              "Resize": { "type": "boolean", "description": "Whether there is a thumbnail." }
            }
          },
          "CallbackBody": {
            "type": "object",
            "description": "The event of a callback.",
            "required": ["type", "timestamp", "data"],
            "properties": {
              "type": { "type": "string", "enum": ["batch.completed"], "description": "The kind of event." },
              "timestamp": { "type": "string", "format": "date-time", "description": "When the batch ended." },
              "data": {
                "type": "object",
                "description": "The batch.",
                "required": ["id", "state", "total", "counts"],
                "properties": {
                  "id": { "type": "string", "description": "The id of the batch." },
                  "name": { "type": "string", "description": "The name that the caller gave it." },
                  "state": { "type": "string", "enum": ["completed", "canceled"], "description": "How it ended." },
                  "total": { "type": "integer", "minimum": 0, "description": "The number of jobs." },
                  "counts": {
                    "type": "object",
                    "description": "The jobs by outcome.",
                    "required": ["succeeded", "failed", "canceled"],
                    "properties": {
                      "succeeded": { "type": "integer", "minimum": 0, "description": "Jobs that succeeded." },
                      "failed": { "type": "integer", "minimum": 0, "description": "Jobs that failed." },
                      "canceled": { "type": "integer", "minimum": 0, "description": "Jobs without a result when the batch was canceled." }
                    }
                  }
                }
              }
            }
          }
        }
        """)!;

    static OtherSchemas() => All["Problem"]!["properties"]!["code"]!["enum"] =
        new JsonArray([.. ErrorTexts.All.Select(error => error.Name).Distinct().Select(name => JsonValue.Create(name))]);
}
