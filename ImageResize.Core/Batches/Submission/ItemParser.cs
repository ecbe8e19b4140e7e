using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Batches.Submission;

/// <summary>An item of a batch: a source, and its actions if they differ from the batch's.</summary>
/// <param name="Name">The caller's name for the image. What is not safe in it is replaced.</param>
public sealed record ItemRequest(
    [property: Required, StringLength(4_096, MinimumLength = 1)] string Source,
    [property: Length(1, JobRequest.MaxActions)] ActionList? Actions,
    [property: StringLength(ImageName.MaxLength, MinimumLength = 1)] string? Name = null);

/// <summary>A parsed item: a job, or a folder whose images become jobs.</summary>
public sealed record Item(Job Job, bool IsFolder);

/// <summary>Parses and validates one item at a time: a manifest can have a million of them.</summary>
public sealed class ItemParser(SourceReader sources, ActionReader actions)
{
    /// <summary>The most invalid values that a message names, because a response can name a hundred items.</summary>
    private const int MaxReported = 10;

    /// <param name="defaults">The actions of an item without its own.</param>
    /// <exception cref="RefusedException">
    /// The JSON, a value or the source is invalid. The message names the first values that are wrong.
    /// </exception>
    public async Task<Item> ParseAsync(ReadOnlyMemory<byte> json, JobActions? defaults, CancellationToken cancellationToken)
    {
        if (json.Length > NdjsonReader.MaxLineBytes)
        {
            throw Refused($"The item is longer than {NdjsonReader.MaxLineBytes} bytes.");
        }

        var request = Deserialize(json.Span);
        Validate(request);
        var wanted = request.Actions is null ? defaults : actions.Read(request.Actions);
        var source = sources.Normalize(request.Source);
        var isFolder = await sources.IsFolderAsync(source, cancellationToken);

        if (isFolder && request.Name is not null)
        {
            throw Refused("A folder can't have a name, because its images have their own.");
        }

        return wanted is null
            ? throw Refused("Neither the item nor the batch has actions.")
            : new Item(new Job(source, wanted) { Name = ImageName.Clean(request.Name) }, isFolder);
    }

    private static ItemRequest Deserialize(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ItemRequest>(json, RequestJson.Options) ?? throw Refused("The item is null.");
        }
        catch (JsonException invalid)
        {
            throw FindInvalid(json, invalid) is { Count: > 0 } values
                ? Refused(values)
                : Refused(RequestJson.Explain(invalid, "The item"));
        }
        catch (RefusedException tooMany) when (tooMany.Code == ErrorCode.InvalidRequest)
        {
            throw Refused(tooMany.Message);
        }
    }

    /// <summary>Checks the validation attributes of the request and of its actions.</summary>
    private static void Validate(ItemRequest request)
    {
        if (request.Actions?.ToList().IndexOf(null!) is >= 0 and var missing)
        {
            throw Refused($"actions[{missing}] is null.");
        }

        var invalid = InvalidValue.In(request).Concat(InvalidValue.InActions(request.Actions)).ToList();
        if (invalid.Count > 0)
        {
            throw Refused(invalid);
        }
    }

    private static IReadOnlyList<InvalidValue> FindInvalid(ReadOnlySpan<byte> json, JsonException invalid)
    {
        if (!RequestJson.IsWellFormed(invalid))
        {
            return [];
        }

        using var item = TryParse(json);
        if (item is null)
        {
            return [];
        }

        if (item.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw Refused("An item must be an object, such as { \"source\": \"a.jpg\" }.");
        }

        return JsonValues.FindInvalid(item.RootElement, typeof(ItemRequest));
    }

    /// <returns>Null if the serializer stopped at a wrong value before a mistake in the syntax, or the text is not UTF-8.</returns>
    private static JsonDocument? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RefusedException Refused(IReadOnlyList<InvalidValue> invalid)
    {
        var more = invalid.Count > MaxReported ? $" {invalid.Count - MaxReported} more values are invalid." : "";
        var reported = invalid.Take(MaxReported).Select(value => $"{value.Part}: {value.Message}".TrimStart(':', ' '));

        return Refused(string.Join(' ', reported) + more);
    }

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidItem, message);
}
