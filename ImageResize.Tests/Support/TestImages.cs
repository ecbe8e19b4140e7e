using NetVips;
namespace ImageResize.Tests.Support;

internal static class TestImages
{
    public static byte[] Jpeg(int width, int height) { using var i = Image.Gaussnoise(width, height).Cast(Enums.BandFormat.Uchar); return i.JpegsaveBuffer(); }
    public static byte[] Png(int width, int height) { using var i = Image.Gaussnoise(width, height).Cast(Enums.BandFormat.Uchar); return i.PngsaveBuffer(); }
}
