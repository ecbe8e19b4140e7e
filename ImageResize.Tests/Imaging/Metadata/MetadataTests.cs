using System.Text;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Metadata;

public sealed class MetadataTests
{
    private const string Xmp =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        + "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' rdf:about=''>"
        + "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>(c) Ann &amp; Bob</rdf:li></rdf:Alt></dc:rights>"
        + "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>"
        + "<dc:description>secret place</dc:description>"
        + "</rdf:Description></rdf:RDF></x:xmpmeta>";

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    public void Nothing_is_kept_unless_asked_for(ImageFormat format)
    {
        var source = TestImages.SignedJpeg(exif: "(c) Ann", author: "Ann", xmp: Xmp);

        using var picture = Picture.Of(Make(source, new ThumbnailSpec(100, 100) { Format = format }));

        Assert.DoesNotContain(picture.Fields, field => field is "exif-data" or "xmp-data" or "iptc-data" or "icc-profile-data");
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Avif)]
    public void Copyright_and_author_are_kept_on_request_as_exif_and_xmp(ImageFormat format)
    {
        var source = TestImages.SignedJpeg(exif: "(c) Ann", author: "Ann");

        using var picture = Picture.Of(Make(source, Keeping(KeptMetadata.Copyright, format)));

        Assert.Equal(new Copyright("(c) Ann", "Ann"), ExifBlock.Find((byte[])picture.Get("exif-data")));
        Assert.Equal(new Copyright("(c) Ann", "Ann"), XmpPacket.Find((byte[])picture.Get("xmp-data")));
    }

    [Fact]
    public void Only_the_copyright_is_kept_on_request()
    {
        var source = TestImages.SignedJpeg(exif: "(c) Ann", author: "Ann", xmp: Xmp);

        var thumbnail = Make(source, Keeping(KeptMetadata.Copyright));

        var text = Encoding.Latin1.GetString(thumbnail.Bytes.Span);
        Assert.Contains("(c) Ann", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret place", text, StringComparison.Ordinal);
        using var picture = Picture.Of(thumbnail);
        Assert.DoesNotContain(picture.Fields, field => field.Contains("GPS", StringComparison.Ordinal));
    }

    [Fact]
    public void A_copyright_only_in_XMP_is_found()
    {
        using var picture = Picture.Of(Make(TestImages.SignedJpeg(xmp: Xmp), Keeping(KeptMetadata.Copyright)));

        Assert.Equal(new Copyright("(c) Ann & Bob", "Ann, Bob"), ExifBlock.Find((byte[])picture.Get("exif-data")));
    }

    [Fact]
    public void A_copyright_only_in_IPTC_is_found()
    {
        byte[] records = [0x1C, 2, 80, 0, 3, .. "Ann"u8, 0x1C, 2, 116, 0, 7, .. "(c) Ann"u8];
        byte[] iptc = [.. "Photoshop 3.0\0"u8, .. "8BIM"u8, 4, 4, 0, 0, 0, 0, 0, (byte)records.Length, .. records];

        using var picture = Picture.Of(Make(TestImages.SignedJpeg(iptc: iptc), Keeping(KeptMetadata.Copyright)));

        Assert.Equal(new Copyright("(c) Ann", "Ann"), ExifBlock.Find((byte[])picture.Get("exif-data")));
    }

    [Theory]
    [InlineData("", "(c) J\u00FCrgen \u2019s", new byte[] { 0x28, 0x63, 0x29, 0x20, 0x4A, 0xFC, 0x72, 0x67, 0x65, 0x6E, 0x20, 0x92, 0x73 })]
    [InlineData("", "J\u00FCrgen", new byte[] { 0x4A, 0xC3, 0xBC, 0x72, 0x67, 0x65, 0x6E })]
    [InlineData("\u001B%G", "J\u00FCrgen", new byte[] { 0x4A, 0xC3, 0xBC, 0x72, 0x67, 0x65, 0x6E })]
    [InlineData("\u001B.A", "J\u00C3\u00BCrgen", new byte[] { 0x4A, 0xC3, 0xBC, 0x72, 0x67, 0x65, 0x6E })]
    [InlineData("\u001B-B", "\u0141ukasz", new byte[] { 0xA3, 0x75, 0x6B, 0x61, 0x73, 0x7A })]
    public void Iptc_is_in_the_character_set_that_it_declares(string escape, string expected, byte[] text)
    {
        byte[] declaration = [0x1C, 1, 90, 0, (byte)escape.Length, .. escape.Select(letter => (byte)letter)];
        byte[] block = [.. escape.Length > 0 ? declaration : [], 0x1C, 2, 116, 0, (byte)text.Length, .. text];

        Assert.Equal(expected, IptcBlock.Find(block).Notice);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(129)]
    public void EXIF_text_that_is_not_UTF8_is_Latin1(byte type)
    {
        byte[] text = [0xA9, 0x20, 0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72];
        byte[] block = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x98, 0x82, type, 0, (byte)text.Length, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, .. text];

        Assert.Equal("\u00A9 M\u00FCller", ExifBlock.Find(block).Notice);
    }

    [Fact]
    public void A_tiffs_own_copyright_tag_is_found()
    {
        var tag = ExifBlock.Write(new Copyright("(c) Ann", Author: null))[6..];

        Assert.Equal(new Copyright("(c) Ann", null), ExifBlock.Find(tag));
    }

    [Fact]
    public void An_image_without_copyright_gets_none()
    {
        using var picture = Picture.Of(Make(TestImages.Jpeg(), Keeping(KeptMetadata.Copyright)));

        Assert.DoesNotContain("exif-data", picture.Fields);
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Tga)]
    [InlineData(ImageFormat.Pnm)]
    [InlineData(ImageFormat.Tiff)]
    public void Requested_metadata_is_ignored_in_formats_without_it(ImageFormat format)
    {
        var thumbnail = Make(TestImages.SignedJpeg(exif: "(c) Ann"), Keeping(KeptMetadata.Copyright | KeptMetadata.ColourProfile, format));

        Assert.Equal((100, 75), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>")]
    [InlineData("<x:xmpmeta")]
    [InlineData("")]
    public void A_broken_or_hostile_XMP_packet_is_ignored(string xmp)
    {
        Assert.Equal(new Copyright(null, null), XmpPacket.Find(Encoding.UTF8.GetBytes(xmp)));
    }

    [Fact]
    public void A_truncated_or_corrupt_EXIF_block_is_read_safely()
    {
        var block = ExifBlock.Write(new Copyright("(c) Ann", "Ann"));
        var random = new Random(1);

        for (var length = 0; length < block.Length; length++)
        {
            var harmed = block[..length];
            ExifBlock.Find(harmed);
            ExifBlock.FindOrientation(harmed);
            if (length > 6)
            {
                harmed[random.Next(6, length)] = (byte)random.Next(256);
                ExifBlock.Find(harmed);
            }
        }
    }

    private Thumbnail Make(byte[] source, ThumbnailSpec spec) =>
        _thumbnailer.Make(source, [spec], TestContext.Current.CancellationToken).Single();

    private static ThumbnailSpec Keeping(KeptMetadata keep, ImageFormat? format = null) =>
        new(100, 100) { Keep = keep, Format = format };
}
