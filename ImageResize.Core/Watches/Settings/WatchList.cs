using Microsoft.Extensions.Options;

namespace ImageResize.Core.Watches.Settings;

/// <summary>The watches of the settings, by name.</summary>
public sealed class WatchList(WatchReader reader, IOptions<WatchOptions> options)
{
    private readonly Lazy<IReadOnlyList<Watch>> _all = new(() =>
        [.. options.Value.Select(watch => reader.Read(watch.Key, watch.Value, [])!).OrderBy(watch => watch.Name, StringComparer.Ordinal)]);

    public IReadOnlyList<Watch> All => _all.Value;
}
