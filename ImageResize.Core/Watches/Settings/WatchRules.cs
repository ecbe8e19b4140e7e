using Microsoft.Extensions.Options;

namespace ImageResize.Core.Watches.Settings;

/// <summary>Checks at the start that the sources, presets and callbacks of all watches exist and are allowed.</summary>
internal sealed class WatchRules(WatchReader reader) : IValidateOptions<WatchOptions>
{
    public ValidateOptionsResult Validate(string? name, WatchOptions options)
    {
        var errors = new List<string>();
        foreach (var (watch, settings) in options)
        {
            reader.Read(watch, settings, errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
