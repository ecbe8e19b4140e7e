namespace ImageResize.OpenApi.Operations;

/// <summary>Watched containers and folders.</summary>
internal static class WatchOperations
{
    private const string Example =
        """
        {
          "watches": [
            {
              "name": "products",
              "source": "blob://products/in/**",
              "intervalSeconds": 1,
              "lastSeenAt": "2026-11-28T08:59:12+00:00",
              "counts": { "found": 1200, "succeeded": 1190, "failed": 3, "canceled": 0 },
              "openBatches": 1
            }
          ]
        }
        """;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/v1/watches", "listWatches", "Watches", "List watched containers and folders")
        {
            Description =
                "Containers and folders whose images are processed as they appear (`ImageResize__Watches__NAME__Source`...), except " +
                "those that belong to other callers.",
            Answers = [new(200, "The watches.", new Content(Content.Json, "WatchListReply", ("watches", Example)))],
        },
    ];
}
