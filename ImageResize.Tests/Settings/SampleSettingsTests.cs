using System.Collections;
using System.Text.Json;
using ImageResize.Core.Addresses;
using ImageResize.Core.Batches;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Quotas;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Storage;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Standalone;
using ImageResize.Functions.Telemetry;

namespace ImageResize.Tests.Settings;

/// <summary>The sample contains every setting with its default, and docs/settings.md lists each.</summary>
public sealed class SampleSettingsTests
{
    private static readonly string Repository = RepositoryRoot.Find()!;

    private static readonly (string Section, object Defaults)[] Rooms =
    [
        ("", new AccessOptions()),
        ("Addresses", new AddressOptions()),
        ("Blobs", new BlobOptions()),
        ("Callbacks", new CallbackOptions()),
        ("Direct", new DirectOptions()),
        ("Identity", new IdentityOptions()),
        ("Imaging", new ImagingOptions()),
        ("Jobs", new BatchOptions()),
        ("Jobs", new RetentionOptions()),
        ("Logging", new LogOptions()),
        ("Proxy", new ProxyOptions()),
        ("Regions", new RegionOptions()),
        ("Limits", new LimitOptions()),
        ("Limits", new QuotaOptions()),
        ("Sources", new SourcesOptions()),
        ("Storage", new StorageOptions()),
        ("Thumbnails", new ThumbnailOptions()),
        ("Uploads", new UploadOptions()),
        ("Web", new WebSourceOptions()),
    ];

    [Fact]
    public void The_sample_lists_every_setting_with_its_default()
    {
        var sample = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository, "local.settings.sample.json"))).RootElement
            .GetProperty("Values").EnumerateObject()
            .Where(value => value.Name.StartsWith("ImageResize__", StringComparison.Ordinal))
            .ToDictionary(value => value.Name, value => value.Value.GetString());

        Assert.True(sample.Remove("ImageResize__Role", out var role));
        Assert.Equal(nameof(Role.All), role);
        Assert.Equal(Defaults().Order(), sample.Select(setting => (setting.Key, setting.Value!)).Order());
    }

    [Fact]
    public void The_settings_page_lists_every_setting()
    {
        var page = File.ReadAllText(Path.Combine(Repository, "docs", "settings.md"));

        Assert.All(Defaults(), setting => Assert.Contains($"`{setting.Name}`", page, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, string Value)> Defaults() =>
        from room in Rooms
        from property in room.Defaults.GetType().GetProperties()

            // The visibility timeout comes from the host, and settings with custom names have no default.
        where property.Name != nameof(BatchOptions.Lease) && !property.PropertyType.IsAssignableTo(typeof(IDictionary))
        select ($"ImageResize__{(room.Section.Length > 0 ? room.Section + "__" : "")}{property.Name}", property.GetValue(
            room.Defaults)!.ToString()!);
}
