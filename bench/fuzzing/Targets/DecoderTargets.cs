using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Bmp;
using ImageResize.Core.Imaging.Formats.ImageSharp;
using ImageResize.Core.Imaging.Formats.Pnm;
using ImageResize.Core.Imaging.Formats.Tga;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Operations;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.PixelFormats;

namespace ImageResize.Fuzzing.Targets;

/// <summary>Managed code that decodes pixels.</summary>
internal static class DecoderTargets
{
    /// <summary>A megapixel, so that inputs take little time and the limit itself is reached.</summary>
    private static readonly ImageLimits Limits = new(MaxMegapixels: 1, MaxMeasuredMegapixels: 1_000, MaxFrames: 10);

    private static readonly FastThumbnails Fast = new(Limits, new QualitySettings(Jpeg: 80, WebP: 80, Avif: 55));

    /// <summary>Decoded at 1/8, 1/4, 1/2 and whole.</summary>
    private static readonly ThumbnailSpec[][] Specs =
    [
        [new ThumbnailSpec(4, 4)],
        [new ThumbnailSpec(10, 7) { Fit = Fit.Cover }],
        [new ThumbnailSpec(20, 20) { Fit = Fit.Fill }],
        [new ThumbnailSpec(60, 40), new ThumbnailSpec(3, 3)],
    ];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("jpeg", DecodeJpeg)
        {
            MaxAllocatedBytes = 64_000_000,
            Words =
            [
                [0xFF, 0xC0], [0xFF, 0xC1], [0xFF, 0xC2], [0xFF, 0xC4], [0xFF, 0xD0], [0xFF, 0xD7], [0xFF, 0xD9], [0xFF, 0xDA],
                [0xFF, 0xDB], [0xFF, 0xDC], [0xFF, 0xDD], [0xFF, 0xE1], [0xFF, 0xEE], [0xFF, 0], [0, 63, 0], [1, 63, 0x10],
            ],
        },
        new("bmp", file => Decode(file, ImageFormat.Bmp, DecodeBmp)) { Words = [[.. "BM"u8], [40, 0, 0, 0], [124, 0, 0, 0]] },
        new("pnm", file => Decode(file, ImageFormat.Pnm, DecodePnm))
        {
            Words = FuzzTargets.Words("P1", "P2", "P3", "P4", "P5", "P6", "\n", "# comment\n", "255\n", "65535\n", "1000 1000 "),
        },
        new("tga", file => Decode(file, ImageFormat.Tga, DecodeTga))
        {
            MaxAllocatedBytes = 32_000_000,
            Words = [[.. "TRUEVISION-XFILE.\0"u8]],
        },
    ];

    private static void DecodeJpeg(byte[] file)
    {
        foreach (var specs in Specs)
        {
            _ = Fast.TryMake(file, specs, CancellationToken.None);
        }

        var decoder = JpegDecoder.OfThread;
        for (var scale = 1; scale <= 8; scale *= 2)
        {
            if (!decoder.TryReadHeader(file) || (long)decoder.Frame.Width * decoder.Frame.Height > 1_000_000)
            {
                return;
            }

            try
            {
                var scales = new int[decoder.Frame.Components.Length];
                Array.Fill(scales, scale);
                decoder.TryDecode(file, scales, CancellationToken.None);
            }
            finally
            {
                decoder.Release();
            }
        }
    }

    /// <param name="decode">Called if the header is valid and the image is within the limits.</param>
    private static void Decode(byte[] file, ImageFormat id, Action<byte[], ImageHeader> decode)
    {
        if (!ImageFormats.Get(id).Matches(file.AsSpan(0, Math.Min(file.Length, ImageFormats.PrefixLength))))
        {
            return;
        }

        try
        {
            var header = ImageFormats.Get(id).ReadHeader(file, Limits);
            Limits.CheckDecoded(header, frames: 1);
            decode(file, header);
        }
        catch (RefusedException)
        {
            // Not an image, too large or damaged.
        }
    }

    private static void DecodeBmp(byte[] file, ImageHeader header)
    {
        var bmp = BmpHeader.Parse(file);
        BmpReader.Read(file, bmp, new byte[header.Pixels * bmp.Bands]);
    }

    private static void DecodePnm(byte[] file, ImageHeader header)
    {
        var pnm = PnmHeader.Parse(file.AsSpan(0, Math.Min(file.Length, ImageFormats.PrefixLength)));
        PnmReader.Read(file, pnm, new byte[header.Pixels * pnm.Bands]);
    }

    private static void DecodeTga(byte[] file, ImageHeader header)
    {
        var tga = TgaHeader.Find(file)!;
        TgaPixels.Check(file, tga);
        var pixels = tga.HasAlpha
            ? SharpImages.Decode<Rgba32>(new TgaDecoder(), file, CancellationToken.None)
            : SharpImages.Decode<Rgb24>(new TgaDecoder(), file, CancellationToken.None);
        if (pixels.Length != header.Pixels * (tga.HasAlpha ? 4 : 3))
        {
            throw new InvalidOperationException($"The header says {header.Width} x {header.Height}; {pixels.Length} bytes were decoded.");
        }
    }
}
