using ImageResize.Core.Imaging.Headers;
using NetVips;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>
/// Decides whether an image's colours must be converted from its ICC profile to sRGB. Most profiles describe sRGB itself, and converting
/// from those takes nearly as long as decoding a photo for a small thumbnail.
/// </summary>
internal static class ColourProfile
{
    private const string Field = "icc-profile-data";

    public static ColourConversion GetConversion(Image image)
    {
        if (image.Interpretation == Enums.Interpretation.Cmyk)
        {
            return ColourConversion.FromCmyk;
        }

        var profile = Find(image);

        return IsGrey(image)
            ? IccProfile.IsGrey(profile) && !IccProfile.IsSrgbGrey(profile) ? ColourConversion.FromGreyProfile : ColourConversion.None
            : image.Bands >= 3 && IccProfile.IsRgb(profile) && !IccProfile.IsSrgb(profile) ? ColourConversion.FromProfile
            : ColourConversion.None;
    }

    public static bool IsGrey(Image image) => image.Interpretation is Enums.Interpretation.Bw or Enums.Interpretation.Grey16;

    public static bool IsIn(Image image) => image.Contains(Field);

    /// <summary>Whether the image has a profile for its number of colours. Some files have another's.</summary>
    public static bool Fits(Image image) => IsGrey(image) ? IccProfile.IsGrey(Find(image)) : IccProfile.IsRgb(Find(image));

    /// <param name="profile">Empty removes the image's profile.</param>
    /// <returns>A new image.</returns>
    public static Image Replace(Image image, byte[] profile) => image.Mutate(copy =>
    {
        copy.Remove(Field);
        if (profile.Length > 0)
        {
            copy.Set(GValue.BlobType, Field, profile);
        }
    });

    private static byte[] Find(Image image) => IsIn(image) && image.Get(Field) is byte[] profile ? profile : [];
}
