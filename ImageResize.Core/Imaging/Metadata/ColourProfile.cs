using NetVips;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>
/// Whether an image's colours need its ICC profile to be seen right as sRGB. Most profiles say just that they are sRGB: to convert by those
/// takes nearly as long as decoding a photo for a small thumbnail.
/// </summary>
internal static class ColourProfile
{
    private const string Field = "icc-profile-data";

    public static bool IsNeeded(Image image) =>
        image.Bands >= 3
        && image.Contains(Field)
        && image.Get(Field) is byte[] profile
        && IccProfile.IsRgb(profile)
        && !IccProfile.IsSrgb(profile);
}
