using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Addresses;

/// <summary>One thumbnail of one version of a source.</summary>
/// <param name="Name">A hash of the source, its version, the options and the default qualities: other bytes have another name.</param>
public sealed record VariantKey(SourceUri Source, ThumbnailSpec Spec, string Name)
{
    /// <summary>128 bits in hexadecimal digits.</summary>
    private const int NameLength = 32;

    public static VariantKey Of(SourceUri source, string version, ThumbnailSpec spec, ImagingOptions defaults)
    {
        var qualities = $"{defaults.JpegQuality} {defaults.WebPQuality} {defaults.AvifQuality}";
        var text = $"{source.Unredacted}\n{version}\n{qualities}\n{JsonSerializer.Serialize(spec)}";

        return new VariantKey(source, spec, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameLength]);
    }
}
