using ImageResize.Core.Imaging.Operations;
using NetVips;

namespace ImageResize.Tests.Support;

/// <summary>Reads the pixels of a thumbnail by libvips.</summary>
internal sealed class Picture : IDisposable
{
    private readonly Image _image;

    private Picture(Image image) => _image = image;

    public int Width => _image.Width;

    public int Height => _image.Contains("page-height") ? (int)_image.Get("page-height") : _image.Height;

    public int Frames => _image.Height / Height;

    public int Bands => _image.Bands;

    public Enums.BandFormat Format => _image.Format;

    public bool HasAlpha => _image.HasAlpha();

    public string[] Fields => _image.GetFields();

    public static Picture Of(Thumbnail thumbnail) => Of(thumbnail.Bytes.ToArray());

    public static Picture Of(byte[] bytes) => new(Image.NewFromBuffer(bytes, IsAnimated(bytes) ? "[n=-1]" : ""));

    public object Get(string field) => _image.Get(field);

    public int[] At(int x, int y) => Array.ConvertAll(_image.Getpoint(x, y), value => (int)Math.Round(value));

    /// <summary>The colours in the middle of the four quarters, as letters: RGBW is how <see cref="TestImages"/> makes them.</summary>
    public string Quarters() => string.Concat(
        Letter(At(Width / 4, Height / 4)),
        Letter(At(Width * 3 / 4, Height / 4)),
        Letter(At(Width / 4, Height * 3 / 4)),
        Letter(At(Width * 3 / 4, Height * 3 / 4)));

    /// <summary>All pixels as letters, one string a row: R, G, B and W are the colours, K is black.</summary>
    public string[] Rows() =>
        [.. Enumerable.Range(0, Height).Select(y => string.Concat(Enumerable.Range(0, Width).Select(x => Letter(Rgb(At(x, y))))))];

    public void Dispose() => _image.Dispose();

    private static int[] Rgb(int[] channels) => channels.Length >= 3 ? channels : [channels[0], channels[0], channels[0]];

    private static char Letter(int[] colour) => (colour[0] > 160, colour[1] > 160, colour[2] > 160) switch
    {
        (true, false, false) => 'R',
        (false, true, false) => 'G',
        (false, false, true) => 'B',
        (true, true, true) => 'W',
        (false, false, false) => 'K',
        _ => '?',
    };

    private static bool IsAnimated(byte[] bytes) => bytes.AsSpan().StartsWith("GIF8"u8) || bytes.AsSpan().StartsWith("RIFF"u8);
}
