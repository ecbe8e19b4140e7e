using System.Buffers.Binary;
using System.Numerics;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>Writes ICC profiles of version 4 (ICC.1:2022) for colours that a file describes by numbers.</summary>
internal static class IccProfileWriter
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;

    /// <summary>The white of profiles, D50, as XYZ.</summary>
    private static readonly Vector3 ProfileWhite = new(0.9642f, 1, 0.8249f);

    /// <summary>Bradford's cone responses, transposed because Numerics multiplies rows (ICC.1:2022, annex E).</summary>
    private static readonly Matrix4x4 Bradford = new(
        0.8951f, -0.7502f, 0.0389f, 0,
        0.2664f, 1.7135f, -0.0685f, 0,
        -0.1614f, 0.0367f, 1.0296f, 0,
        0, 0, 0, 1);

    /// <returns>Null if the primaries are not those of a display.</returns>
    public static byte[]? Write(DeclaredColours colours, bool isGrey)
    {
        if (FindColorants(colours.Primaries) is not { } colorants)
        {
            return null;
        }

        var curve = Curve(colours.Gamma);
        List<(string Name, byte[] Content)> tags =
        [
            ("desc", Text("Converted from the image's own numbers")),
            ("cprt", Text("No copyright")),
            ("wtpt", Xyz(ProfileWhite)),
        ];
        tags.AddRange(isGrey
            ? [("kTRC", curve)]
            :
            [
                ("rXYZ", Xyz(colorants[0])), ("gXYZ", Xyz(colorants[1])), ("bXYZ", Xyz(colorants[2])),
                ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
            ]);

        return Join(isGrey ? "GRAY" : "RGB ", tags);
    }

    /// <summary>The primaries as XYZ, adapted to the white of profiles.</summary>
    private static Vector3[]? FindColorants(Chromaticities primaries)
    {
        var (red, green, blue) = (ToXyz(primaries.Red), ToXyz(primaries.Green), ToXyz(primaries.Blue));
        var lights = new Matrix4x4(
            red.X, red.Y, red.Z, 0, green.X, green.Y, green.Z, 0, blue.X, blue.Y, blue.Z, 0, 0, 0, 0, 1);
        var white = ToXyz(primaries.White);
        if (!Matrix4x4.Invert(lights, out var toLights) || !Matrix4x4.Invert(Bradford, out var fromCones))
        {
            return null;
        }

        var amounts = Vector3.Transform(white, toLights);
        var cones = Vector3.Transform(ProfileWhite, Bradford) / Vector3.Transform(white, Bradford);
        var adapted = Matrix4x4.CreateScale(amounts) * lights * Bradford * Matrix4x4.CreateScale(cones) * fromCones;
        Vector3[] colorants = [Row(adapted, 0), Row(adapted, 1), Row(adapted, 2)];

        return amounts is { X: > 0, Y: > 0, Z: > 0 } && colorants.All(light => Vector3.Abs(light) is { X: < 2, Y: < 2, Z: < 2 })
            ? colorants
            : null;
    }

    private static Vector3 ToXyz(Chromaticity light) => new((float)(light.X / light.Y), 1, (float)((1 - light.X - light.Y) / light.Y));

    private static Vector3 Row(Matrix4x4 matrix, int row) => new(matrix[row, 0], matrix[row, 1], matrix[row, 2]);

    private static byte[] Join(string space, List<(string Name, byte[] Content)> tags)
    {
        var directory = new List<byte>(Big(tags.Count));
        var contents = new List<byte>();
        var contentsAt = HeaderLength + 4 + (TagLength * tags.Count);
        foreach (var (name, content) in tags)
        {
            directory.AddRange([.. Letters(name), .. Big(contentsAt + contents.Count), .. Big(content.Length)]);
            contents.AddRange([.. content, .. new byte[-content.Length & 3]]);
        }

        byte[] profile = [.. new byte[HeaderLength], .. directory, .. contents];
        Big(profile.Length).CopyTo(profile, 0);
        Big(0x04200000).CopyTo(profile, 8);
        Letters("mntr").CopyTo(profile, 12);
        Letters(space).CopyTo(profile, 16);
        Letters("XYZ ").CopyTo(profile, 20);
        Letters("acsp").CopyTo(profile, 36);
        Xyz(ProfileWhite)[8..].CopyTo(profile, 68);

        return profile;
    }

    /// <summary>A formula: a power, or sRGB's power with a straight part (ICC.1:2022, 10.18).</summary>
    private static byte[] Curve(double? gamma) => gamma is { } power
        ? [.. Letters("para"), .. Big(0), .. Big(0), .. Fixed(power)]
        :
        [
            .. Letters("para"), .. Big(0), .. Big(3 << 16),
            .. Fixed(2.4), .. Fixed(1 / 1.055), .. Fixed(0.055 / 1.055), .. Fixed(1 / 12.92), .. Fixed(0.04045),
        ];

    private static byte[] Xyz(Vector3 value) => [.. Letters("XYZ "), .. Big(0), .. Fixed(value.X), .. Fixed(value.Y), .. Fixed(value.Z)];

    /// <summary>One text in American English, which begins 28 bytes after its tag.</summary>
    private static byte[] Text(string text) =>
    [
        .. Letters("mluc"), .. Big(0), .. Big(1), .. Big(TagLength), .. Letters("enUS"), .. Big(2 * text.Length), .. Big(28),
        .. System.Text.Encoding.BigEndianUnicode.GetBytes(text),
    ];

    private static byte[] Letters(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static byte[] Fixed(double value) => Big((int)Math.Round(value * 65_536));

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
