using System.Text.Json.Serialization;
using ImageResize.Cli.Uploads;
using ImageResize.Client;

namespace ImageResize.Cli.Results;

/// <summary>How output and files of this program are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AddressReport))]
[JsonSerializable(typeof(BatchReport))]
[JsonSerializable(typeof(FailureReport))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(ManifestLine))]
[JsonSerializable(typeof(MeasureReport))]
[JsonSerializable(typeof(ThumbnailReport))]
[JsonSerializable(typeof(Settings.Configuration))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(UploadJournal.Entry))]
[JsonSerializable(typeof(WatchedSource))]
internal sealed partial class CliJson : JsonSerializerContext;
