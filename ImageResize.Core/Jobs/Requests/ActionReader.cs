using System.Security.Cryptography;
using System.Text.Json;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Turns checked actions into what the worker is to do.</summary>
public sealed class ActionReader(IOptions<PresetOptions> presets)
{
    private const int HashLength = 8;

    /// <exception cref="RefusedException">A preset that nobody has set.</exception>
    public JobActions Read(IReadOnlyList<ActionRequest> actions) => new(
        actions.Any(action => action.Measure is not null),
        [.. actions.Where(action => action.Measure is null).Select(action => Want(action.Thumbnail ?? PresetOf(action.Preset!)))]);

    private ThumbnailRequest PresetOf(string name) => presets.Value.TryGetValue(name, out var preset)
        ? preset
        : throw new RefusedException(ErrorCode.UnknownPreset, $"There is no preset '{name}'.");

    /// <summary>The name says the box as it was asked for, and a hash tells apart what else was asked.</summary>
    private static WantedThumbnail Want(ThumbnailRequest request)
    {
        var spec = request.ToSpec();
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec)))[..HashLength];

        return new WantedThumbnail(spec, $"_{request.Width}x{request.Height}-{hash}");
    }
}
