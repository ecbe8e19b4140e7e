using System.Text.Json;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Watches.Settings;

/// <summary>Turns the settings of a watch into a watch, and finds what is wrong in them.</summary>
public sealed class WatchReader(SourceReader sources, ActionReader actions, CallbackAddressRules callbacks)
{
    private const string Forms = "A watch is of a container (blob://photos/**) or of a folder (in/**)";

    /// <param name="errors">Receives a message with the full name of the setting for each value that is refused.</param>
    /// <returns>Null if a value is refused.</returns>
    public Watch? Read(string name, WatchSettings settings, ICollection<string> errors)
    {
        var source = TryRead("Source", () => ReadSource(settings.Source));
        var wanted = TryRead(settings.Preset is { Length: > 0 } ? "Preset" : "Actions", () => ReadActions(settings));
        var callback = settings.Callback is { Length: > 0 } url ? TryRead("Callback", () => callbacks.Normalize(url)) : "";

        return source is null || wanted is null || callback is null ? null : new Watch(name.ToLowerInvariant(), source, wanted)
        {
            Callback = callback.Length > 0 ? callback : null,
            Caller = settings.Caller is { Length: > 0 } caller ? caller : null,
            Interval = TimeSpan.FromSeconds(settings.IntervalSeconds),
        };

        T? TryRead<T>(string property, Func<T> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (RefusedException refusal)
            {
                errors.Add($"{WatchOptions.NameOf(name, property)}: {refusal.Message.TrimEnd('.')}.");

                return null;
            }
        }
    }

    private SourceUri ReadSource(string text)
    {
        var source = sources.Normalize(text);
        if (sources.GetSource(source) is not IFolderSource folders)
        {
            throw new RefusedException(ErrorCode.InvalidSource, Forms);
        }

        if (folders.IsThumbnail(source))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "Images in this folder are already thumbnails");
        }

        return folders.CanBeFolder(source)
            ? source
            : throw new RefusedException(ErrorCode.InvalidSource, $"This is an image. {Forms}");
    }

    private JobActions ReadActions(WatchSettings settings) => actions.Read(
        settings.Preset is { Length: > 0 } preset ? [new ActionRequest(null, null, preset)] : ParseActions(settings.Actions ?? ""));

    private static ActionList ParseActions(string json)
    {
        try
        {
            var list = JsonSerializer.Deserialize<ActionList>(json, RequestJson.Options);
            if (list is null or [] || list.Contains(null!) || list.Count > JobRequest.MaxActions)
            {
                throw new RefusedException(ErrorCode.InvalidRequest, $"must be a list of 1 to {JobRequest.MaxActions} actions");
            }

            var invalid = InvalidValue.InActions(list).Select(value => value.Message).ToList();

            return invalid.Count == 0 ? list : throw new RefusedException(ErrorCode.InvalidRequest, string.Join(' ', invalid));
        }
        catch (JsonException invalid)
        {
            throw new RefusedException(ErrorCode.InvalidRequest, RequestJson.Explain(invalid, "The value"));
        }
    }
}
