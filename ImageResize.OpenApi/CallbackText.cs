using System.Text.Json.Nodes;

namespace ImageResize.OpenApi;

/// <summary>The request that the service sends when a batch has ended.</summary>
internal static class CallbackText
{
    private const string Description =
        "Sent to the `callback` of a batch, as defined by [Standard Webhooks](https://www.standardwebhooks.com). Delivery is retried for " +
        "about a day until the answer is 2xx, or 410 to stop. The same call may arrive twice with the same `webhook-id`.";

    public static JsonNode Webhooks => JsonNode.Parse(
        $$"""
        {
          "batchCompleted": {
            "post": {
              "tags": ["Callbacks"],
              "summary": "A batch has ended",
              "description": "{{Description}}",
              "operationId": "batchCompleted",
              "parameters": [
                {
                  "name": "webhook-id", "in": "header", "required": true, "schema": { "type": "string" },
                  "description": "The same at each attempt.", "example": "{{Examples.Id}}"
                },
                {
                  "name": "webhook-timestamp", "in": "header", "required": true, "schema": { "type": "string", "pattern": "^[0-9]+$" },
                  "description": "The time of the attempt in seconds since 1970.", "example": "1795856407"
                },
                {
                  "name": "webhook-signature", "in": "header", "required": true, "schema": { "type": "string" },
                  "description": "`v1,` and the base64 of the HMAC-SHA256 of id, timestamp and body, for each secret, separated by spaces.",
                  "example": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
                }
              ],
              "requestBody": {
                "required": true,
                "content": {
                  "application/json": {
                    "schema": { "$ref": "#/components/schemas/CallbackBody" },
                    "examples": {
                      "completed": {
                        "value": {
                          "type": "batch.completed",
                          "timestamp": "2026-11-28T09:00:07Z",
                          "data": {
                            "id": "{{Examples.Id}}", "name": "spring", "state": "completed", "total": 12,
                            "counts": { "succeeded": 11, "failed": 1, "canceled": 0 }
                          }
                        }
                      }
                    }
                  }
                }
              },
              "responses": {
                "2XX": { "description": "The callback was received." },
                "410": { "description": "The receiver wants no more attempts." },
                "default": { "description": "Tried again later." }
              },
              "security": []
            }
          }
        }
        """)!;
}
