using System.Buffers.Binary;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Formats.Tiff;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

/// <summary>Files with more parts before their pixels than an image needs, so that reading them is expensive.</summary>
public sealed class HeaderLimitTests
{
    private const int FewBytes = 100_000;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(ImageFormat.Jpeg, 1_000)]
    [InlineData(ImageFormat.Png, 1_000)]
    [InlineData(ImageFormat.Gif, 99_990)]
    [InlineData(ImageFormat.WebP, 49_990)]
    public void As_many_parts_as_allowed_are_measured_and_decoded(ImageFormat format, int parts)
    {
        var image = WithParts(format, parts);

        Assert.All(Ways(image), way => Assert.Equal((40, 30), (way().Width, way().Height)));
        Assert.Equal((20, 15), SizeOf(Make(image)));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, 1_001, "The image has more than 1000 segments before its pixels.")]
    [InlineData(ImageFormat.Jpeg, 1_000_000, "The image has more than 1000 segments before its pixels.")]
    [InlineData(ImageFormat.Png, 1_001, "The image has more than 1000 chunks before its pixels.")]
    [InlineData(ImageFormat.Png, 100_000, "The image has more than 1000 chunks before its pixels.")]
    [InlineData(ImageFormat.Avif, 101, "The image has more than 100 boxes before its description.")]
    [InlineData(ImageFormat.Avif, 200_000, "The image has more than 100 boxes before its description.")]
    public void More_parts_are_refused_by_measuring_and_decoding(ImageFormat format, int parts, string message)
    {
        var image = WithParts(format, parts);

        Assert.All(Ways(image), way => AssertRefused(message, way));
        AssertRefused(message, () => Make(image));
    }

    [Theory]
    [InlineData(ImageFormat.Gif, 100_001, "The image has more than 100000 frames and extensions.")]
    [InlineData(ImageFormat.Gif, 1_000_000, "The image has more than 100000 frames and extensions.")]
    [InlineData(ImageFormat.WebP, 50_001, "The image has more than 50000 chunks.")]
    [InlineData(ImageFormat.WebP, 200_000, "The image has more than 50000 chunks.")]
    public void More_parts_after_the_size_are_refused_by_decoding(ImageFormat format, int parts, string message) =>
        AssertRefused(message, () => Make(WithParts(format, parts)));

    [Fact]
    public void An_AVIF_with_free_space_before_its_description_is_measured() =>
        Assert.All(Ways(WithParts(ImageFormat.Avif, 90)), way => Assert.Equal((40, 30), (way().Width, way().Height)));

    [Fact]
    public void A_PNG_with_thousands_of_texts_after_its_pixels_is_refused()
    {
        var png = TestImages.Png(40, 30);
        byte[] image = [.. png[..^12], .. Repeat(TestPng.Chunk("tEXt", []), 2_000), .. png[^12..]];

        AssertRefused("The image has more than 1000 texts.", () => Make(image));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_TIFF_with_many_pages_only_the_first_is_read(bool isBehindPixels)
    {
        var tiff = TestImages.Tiff(40, 30);
        var image = TestTiff.WithPages(isBehindPixels ? [.. tiff, .. new byte[1_000_000]] : tiff, 20_000);
        using var source = new CountingStream(image);

        var size = _thumbnailer.Measure(source);

        Assert.Equal((40, 30), (size.Width, size.Height));
        Assert.InRange(source.BytesRead, 1, FewBytes);
        Assert.Equal((20, 15), SizeOf(Make(image)));
        Assert.Equal((40, 30), (Ways(image)[1]().Width, Ways(image)[1]().Height));
    }

    [Fact]
    public void A_TIFF_with_many_pages_is_decoded_without_them()
    {
        var image = TestTiff.WithPages(TestImages.Tiff(40, 30), 3);

        var single = TiffDirectory.RemoveOtherPages(image).Span;

        var pointerAt = BitConverter.ToInt32(image, 4) + TiffDirectory.FindLength(image, TiffLayout.Of(image))!.Value;
        Assert.NotEqual(0, BitConverter.ToInt32(image, pointerAt));
        Assert.Equal(0, BitConverter.ToInt32(single[pointerAt..]));
        Assert.True(single[..pointerAt].SequenceEqual(image.AsSpan(0, pointerAt)));
        Assert.True(single[(pointerAt + 4)..].SequenceEqual(image.AsSpan(pointerAt + 4)));
    }

    [Fact]
    public void A_TIFF_with_one_page_is_not_copied()
    {
        ReadOnlyMemory<byte> image = TestImages.Tiff(40, 30);

        Assert.True(TiffDirectory.RemoveOtherPages(image).Equals(image));
    }

    [Fact]
    public void Of_a_JPEG_with_megabytes_of_metadata_little_is_read()
    {
        var jpeg = TestImages.Jpeg(40, 30);
        byte[] segment = [0xFF, 0xE1, 0xFF, 0xFF, .. new byte[ushort.MaxValue - 2]];
        using var source = new CountingStream([.. jpeg[..2], .. Repeat(segment, 500), .. jpeg[2..]]);

        var size = _thumbnailer.Measure(source);

        Assert.Equal((40, 30), (size.Width, size.Height));
        Assert.InRange(source.BytesRead, 1, FewBytes);
    }

    [Fact]
    public void A_JPEG_with_a_megabyte_of_tables_is_refused()
    {
        var jpeg = TestImages.Jpeg(40, 30);
        var tables = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        byte[] table = [0xFF, 0xDB, 0x7F, 0xB9, .. Repeat([0, .. Enumerable.Repeat((byte)1, 64)], 503)];
        byte[] image = [.. jpeg[..tables], .. Repeat(table, 100), .. jpeg[tables..]];

        AssertRefused("The image has more than 1000000 bytes of tables and EXIF.", Ways(image)[0]);
    }

    private static byte[] WithParts(ImageFormat format, int parts)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                var jpeg = TestImages.Jpeg(40, 30);
                return [.. jpeg[..2], .. Repeat([0xFF, 0xFE, 0, 2], parts - CountSegments(jpeg)), .. jpeg[2..]];

            case ImageFormat.Png:
                var png = TestImages.Png(40, 30);
                return TestPng.With(png, Repeat(TestPng.Chunk("prVt", []), parts - CountChunks(png)));

            case ImageFormat.Gif:
                var gif = TestImages.Gif(40, 30);
                return [.. gif[..^1], .. Repeat([0x21, 0xFE, 1, (byte)'n', 0], parts), gif[^1]];

            case ImageFormat.WebP:
                var webP = TestImages.WebP(40, 30);
                byte[] riff = [.. webP[8..], .. Repeat([.. "VOID"u8, 0, 0, 0, 0], parts)];
                return [.. "RIFF"u8, .. BitConverter.GetBytes(riff.Length), .. riff];

            case ImageFormat.Avif:
                var avif = TestImages.Avif(40, 30);
                var meta = avif.AsSpan().IndexOf("meta"u8) - 4;
                return [.. avif[..meta], .. Repeat([0, 0, 0, 8, .. "free"u8], parts), .. avif[meta..]];

            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "No parts.");
        }
    }

    private static int CountSegments(byte[] jpeg)
    {
        var segments = 0;
        for (var at = 2; jpeg[at + 1] != 0xDA; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2)))
        {
            segments++;
        }

        return segments;
    }

    /// <summary>Between the header and the pixels.</summary>
    private static int CountChunks(byte[] png)
    {
        var chunks = 0;
        for (var at = 33; !png.AsSpan(at + 4).StartsWith("IDAT"u8); at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
        {
            chunks++;
        }

        return chunks;
    }

    private static byte[] Repeat(byte[] bytes, int count)
    {
        var all = new byte[bytes.Length * count];
        for (var i = 0; i < count; i++)
        {
            bytes.CopyTo(all, i * bytes.Length);
        }

        return all;
    }

    private static void AssertRefused(string message, Func<object> way)
    {
        var refusal = Assert.Throws<RefusedException>(way);
        Assert.Equal((ErrorCode.TooLarge.Name, message), (refusal.Code.Name, refusal.Message));
    }

    private static (int, int) SizeOf(Thumbnail thumbnail) => (thumbnail.Width, thumbnail.Height);

    /// <summary>Measures from a stream that seeks and from one that does not.</summary>
    private Func<ImageSize>[] Ways(byte[] image) =>
    [
        () => _thumbnailer.Measure(new MemoryStream(image)), () => _thumbnailer.Measure(new ForwardStream(image, atOnce: 100_000)),
    ];

    private Thumbnail Make(byte[] image) =>
        _thumbnailer.Make(image, [new ThumbnailSpec(20, 20)], TestContext.Current.CancellationToken).Single();

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Count(base.Read(buffer, offset, count));

        private int Count(int read)
        {
            BytesRead += read;
            return read;
        }
    }
}
