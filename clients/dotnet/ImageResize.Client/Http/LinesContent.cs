using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ImageResize.Client.Http;

/// <summary>The items of a batch, one line of JSON each, written while they are enumerated.</summary>
internal sealed class LinesContent : HttpContent
{
    private readonly IEnumerable<BatchItem> _items;
    private readonly IReadOnlyList<JobAction>? _actions;

    /// <param name="actions">The actions of items without their own.</param>
    public LinesContent(IEnumerable<BatchItem> items, IReadOnlyList<JobAction>? actions)
    {
        (_items, _actions) = (items, actions);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Not disposed, because the stream is the connection's.
        var lines = new BufferedStream(stream, 65_536);
        foreach (var item in _items)
        {
            var line = item.Actions is null ? item with { Actions = _actions } : item;
            await JsonSerializer.SerializeAsync(lines, line, ClientJson.Default.BatchItem, cancellationToken).ConfigureAwait(false);
            lines.WriteByte((byte)'\n');
        }

        await lines.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;

        return false;
    }
}
