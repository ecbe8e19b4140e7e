using System.Text;
using ImageResize.Core.Watches.Events;

namespace ImageResize.Tests.Watches;

/// <summary>Messages of Event Grid, and messages of anyone else.</summary>
public sealed class BlobEventTests
{
    private const string EventGrid =
        """
        {
          "topic": "/subscriptions/1/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/photos",
          "subject": "/blobServices/default/containers/in/blobs/2026/a b.jpg",
          "eventType": "Microsoft.Storage.BlobCreated",
          "id": "831e1650-001e-001b-66ab-eeb76e069631",
          "eventTime": "2026-11-29T20:00:00Z",
          "data": {
            "api": "PutBlob",
            "eTag": "0x8D4BCC2E4835CD0",
            "contentType": "image/jpeg",
            "contentLength": 524288,
            "blobType": "BlockBlob",
            "url": "https://photos.blob.core.windows.net/in/2026/a%20b.jpg",
            "storageDiagnostics": { "batchId": "b68529f3-68cd-4744-baa4-3c0498ec19f0" }
          },
          "dataVersion": "",
          "metadataVersion": "1"
        }
        """;

    private static readonly Uri Account = new("https://photos.blob.core.windows.net/");

    private static readonly string CloudEvents = EventGrid
        .Replace("\"topic\"", "\"source\"", StringComparison.Ordinal)
        .Replace("\"eventType\"", "\"specversion\": \"1.0\", \"type\"", StringComparison.Ordinal);

    private static readonly BlobEvent Expected = new("in", "2026/a b.jpg", "image/jpeg", "0x8D4BCC2E4835CD0");

    [Fact]
    public void Events_of_both_schemas_are_read_as_text_and_as_base64()
    {
        string[] messages = [EventGrid, CloudEvents, $"[{EventGrid}]", Base64(EventGrid), Base64(CloudEvents), Base64($"[{CloudEvents}]")];

        Assert.All(messages, message => Assert.Equal([Expected], BlobEvent.Parse(message, Account)!));
    }

    [Theory]
    [InlineData("photos.blob.core", "other.blob.core")]
    [InlineData("photos.blob.core.windows.net/", "photos.blob.core.windows.net.evil.example/")]
    [InlineData("https://photos.blob.core.windows.net/in/", "https://photos.blob.core.windows.net/secret/")]
    [InlineData("https://photos", "https://photos@evil")]
    [InlineData("/blobServices/default/containers/in/", "/blobServices/default/containers/secret/")]
    [InlineData("/blobServices/default/containers/in/blobs/", "/in/")]
    [InlineData("/blobServices/default/containers/in/", "/blobServices/default/containers//")]
    [InlineData("BlobCreated", "BlobDeleted")]
    [InlineData("524288", "0")]
    [InlineData("\"0x8D4BCC2E4835CD0\"", "\"\"")]
    [InlineData("\"0x8D4BCC2E4835CD0\"", "null")]
    [InlineData("\"subject\"", "\"topic2\"")]
    [InlineData("\"data\"", "\"data2\"")]
    public void An_event_of_something_else_is_ignored(string text, string other) =>
        Assert.Empty(BlobEvent.Parse(EventGrid.Replace(text, other, StringComparison.Ordinal), Account)!);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("[1,2]")]
    [InlineData("{\"data\":7}")]
    [InlineData("{\"data\":{\"contentLength\":\"many\"}}")]
    [InlineData("////")]
    public void A_message_that_is_no_event_is_recognized(string message) => Assert.Null(BlobEvent.Parse(message, Account));

    [Fact]
    public void A_message_with_very_many_events_is_read_in_part() =>
        Assert.Equal(100, BlobEvent.Parse($"[{string.Join(',', Enumerable.Repeat(EventGrid, 500))}]", Account)!.Count);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
