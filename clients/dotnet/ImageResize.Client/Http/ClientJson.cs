using System.Text.Json.Serialization;

namespace ImageResize.Client.Http;

/// <summary>How the types of the API are read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(CamelCaseEnumConverter<BatchState>),
        typeof(CamelCaseEnumConverter<JobState>),
        typeof(CamelCaseEnumConverter<ThumbnailFit>),
        typeof(CamelCaseEnumConverter<ThumbnailFormat>),
        typeof(CamelCaseEnumConverter<ThumbnailGravity>),
        typeof(CamelCaseEnumConverter<ThumbnailMetadata>),
    ])]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(BatchItem))]
[JsonSerializable(typeof(ImageSize))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(ManifestRequest))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ServiceHealth))]
[JsonSerializable(typeof(ThumbnailOptions))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(UploadAddress))]
[JsonSerializable(typeof(UploadAddressRequest))]
[JsonSerializable(typeof(UploadPage))]
[JsonSerializable(typeof(WatchPage))]
internal sealed partial class ClientJson : JsonSerializerContext;
