using System.Globalization;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Uploads;

/// <summary>The size of an image as properties of its upload, so that an upload is measured only once.</summary>
internal static class StoredSize
{
    // Names of metadata in blob storage are C# identifiers.
    private const string Width = "width";
    private const string Height = "height";
    private const string Orientation = "orientation";
    private const string Format = "format";

    public static IReadOnlyDictionary<string, string> Unknown { get; } = new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Write(ImageSize size) => new Dictionary<string, string>
    {
        [Width] = size.Width.ToString(CultureInfo.InvariantCulture),
        [Height] = size.Height.ToString(CultureInfo.InvariantCulture),
        [Orientation] = size.Orientation.ToString(CultureInfo.InvariantCulture),
        [Format] = size.Format.ToString(),
    };

    /// <returns>Null if the properties were written by an earlier version, or by a later one in another way.</returns>
    public static ImageSize? Find(IReadOnlyDictionary<string, string> properties) =>
        FindNumber(properties, Width) is { } width
        && FindNumber(properties, Height) is { } height
        && FindNumber(properties, Orientation) is { } orientation
        && Enum.TryParse<ImageFormat>(properties.GetValueOrDefault(Format), out var format)
        && Enum.IsDefined(format)
            ? new ImageSize(width, height, orientation, format)
            : null;

    private static int? FindNumber(IReadOnlyDictionary<string, string> properties, string name) =>
        int.TryParse(properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
