using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>One item of a manifest: a source, and what is to be done with it if not what the batch says.</summary>
public sealed record ItemRequest(
    [property: Required, StringLength(4_096, MinimumLength = 1)] string Source,
    [property: Length(1, JobRequest.MaxActions)] IReadOnlyList<ActionRequest>? Actions);

/// <summary>An item that was read: one job, or a folder whose images become jobs.</summary>
public sealed record Item(Job Job, bool IsFolder);

/// <summary>Reads one item at a time: a manifest can have a million of them.</summary>
public sealed class ItemReader(SourceReader sources, ActionReader actions)
{
    /// <param name="defaults">What is done with an item that says nothing of it.</param>
    /// <exception cref="RefusedException">It is no item, or asks what cannot be done; all that is wrong in one message.</exception>
    /// <exception cref="RefusedException">Its source is none that we would ever read.</exception>
    public async Task<Item> ReadAsync(ReadOnlyMemory<byte> json, JobActions? defaults, CancellationToken cancellationToken)
    {
        if (json.Length > Lines.Longest)
        {
            throw Refused($"The item is longer than {Lines.Longest} bytes.");
        }

        var request = Parse(json.Span);
        Check(request);
        var wanted = request.Actions is null ? defaults : actions.Read(request.Actions);
        var place = sources.PlaceOf(request.Source);
        var source = place.Check(request.Source);
        var isFolder = place is IFolderSource folders && await IsFolderAsync(folders, source, cancellationToken);

        return wanted is null ? throw Refused("The item has no actions, and the batch neither.") : new Item(new Job(source, wanted), isFolder);
    }

    private static ItemRequest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ItemRequest>(json, RequestJson.Options) ?? throw Refused("The item is null.");
        }
        catch (JsonException unreadable)
        {
            throw Refused(RequestJson.Explain(unreadable, "The item"));
        }
    }

    /// <summary>The attributes of the request and of all that is in it.</summary>
    private static void Check(ItemRequest request)
    {
        if (request.Actions?.ToList().IndexOf(null!) is >= 0 and var missing)
        {
            throw Refused($"actions[{missing}] is null.");
        }

        var wrong = WrongValue.In(request).Concat(WrongValue.InActions(request.Actions)).ToList();
        if (wrong.Count > 0)
        {
            throw Refused(string.Join(' ', wrong.Select(value => $"{value.Part}: {value.Message}".TrimStart(':', ' '))));
        }
    }

    /// <summary>A container is not asked about every blob: a folder of blobs is one by its spelling.</summary>
    private static async Task<bool> IsFolderAsync(IFolderSource place, string source, CancellationToken cancellationToken) =>
        place.CountsQuickly
            ? await place.LookAsync(source, cancellationToken) == PlaceKind.Folder
            : source.EndsWith('/') || source.EndsWith("/**", StringComparison.Ordinal);

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidItem, message);
}
