using System.IO.Compression;
using Azure.Storage.Blobs.Models;
using ImageResize.Core.Errors;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Blobs;

/// <summary>Blobs that are stored with a Content-Encoding.</summary>
public sealed class EncodedBlobTests(Azurite azurite)
{
    private static readonly byte[] Photo = TestImages.Jpeg(400, 300);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_blob_is_refused_by_the_name_of_its_encoding(string encoding)
    {
        var (rig, reader) = await WriteAsync(Compress(Photo, encoding), encoding);

        var measured = await Assert.ThrowsAsync<RefusedException>(() => reader.OpenAsync(rig.Place("a.jpg"), Token));
        var whole = await Assert.ThrowsAsync<RefusedException>(() => reader.ReadAsync(rig.Place("a.jpg"), MemoryTurn.None, Token));

        Assert.Equal(
            (ErrorCode.ContentEncodingNotSupported,
                $"The blob is stored with Content-Encoding {encoding}, which is not supported. "
                + "Store the image itself, without Content-Encoding."),
            (measured.Code, measured.Message));
        Assert.Equal((measured.Code, measured.Message), (whole.Code, whole.Message));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    [InlineData("binary")]
    public async Task An_image_that_only_declares_an_encoding_is_read(string encoding)
    {
        var (rig, reader) = await WriteAsync(Photo, encoding);

        await using var stream = await reader.OpenAsync(rig.Place("a.jpg"), Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        using var whole = await reader.ReadAsync(rig.Place("a.jpg"), MemoryTurn.None, Token);

        Assert.Equal(Photo, copy.ToArray());
        Assert.Equal(Photo, whole.Bytes.ToArray());
    }

    [Fact]
    public async Task An_empty_blob_is_read_as_empty_whatever_its_encoding()
    {
        var (rig, reader) = await WriteAsync([], "gzip");

        await using var stream = await reader.OpenAsync(rig.Place("a.jpg"), Token);
        using var whole = await reader.ReadAsync(rig.Place("a.jpg"), MemoryTurn.None, Token);

        Assert.Equal(0, stream.Length);
        Assert.Equal(0, whole.Bytes.Length);
    }

    private async Task<(BlobRig Rig, SourceReader Reader)> WriteAsync(byte[] bytes, string encoding)
    {
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString);
        await rig.Container.GetBlobClient("a.jpg").UploadAsync(
            BinaryData.FromBytes(bytes),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentEncoding = encoding } },
            Token);

        return (rig, new SourceReader([rig.Source], Options.Create(new SourcesOptions()), new MemoryBudget(1_000_000)));
    }

    private static byte[] Compress(byte[] bytes, string encoding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
            _ => new ZLibStream(compressed, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}
