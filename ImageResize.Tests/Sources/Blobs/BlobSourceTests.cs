using Azure.Storage.Blobs.Models;
using ImageResize.Core.Errors;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Blobs;

public sealed class BlobSourceTests(Azurite azurite) : IAsyncLifetime
{
    private BlobRig _rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await BlobRig.CreateAsync(azurite.ConnectionString, output: "output");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // What is allowed.

    [Theory]
    [InlineData("blob://other/a.jpg")]
    [InlineData("blob://other/")]
    [InlineData("blob://output/")]
    [InlineData("blob://output/photos/**")]
    [InlineData("blob://<own>/resized/")]
    [InlineData("blob://<own>/resized/2026/**")]
    public void Other_containers_and_folders_of_thumbnails_are_not_read(string source)
    {
        var text = source.Replace("<own>", _rig.Name, StringComparison.Ordinal);

        var refusal = Assert.Throws<RefusedException>(() => _rig.Source.Normalize(text.ToSource()));

        Assert.Equal(ErrorCode.SourceNotAllowed, refusal.Code);
    }

    [Fact]
    public void A_thumbnail_can_be_read_back()
    {
        var output = "blob://output/photos/a.jpg".ToSource();

        Assert.Equal(output, _rig.Source.Normalize(output));
        Assert.Equal(_rig.Place("resized/a.jpg"), _rig.Source.Normalize(_rig.Place("resized/a.jpg")));
    }

    // Reading.

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(32 * 1024, false)]
    [InlineData((32 * 1024) + 1, false)]
    [InlineData(5_000_000, false)]
    [InlineData(0, true)]
    [InlineData(5_000_000, true)]
    public async Task A_blob_is_read_whole_forward_and_from_any_place(int length, bool isWhole)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        await _rig.WriteAsync("a.bin", bytes);

        await using var stream = isWhole
            ? await _rig.Source.OpenWholeAsync(_rig.Place("a.bin"), Token)
            : await _rig.Source.OpenAsync(_rig.Place("a.bin"), Token);
        using var whole = await SourceBytes.ReadAsync(stream, 50_000_000, new MemoryBudget(50_000_000), MemoryTurn.None, Token);
        stream.Position = 0;
        using var forward = new MemoryStream();
        await stream.CopyToAsync(forward, 10_000, Token);
        stream.Seek(-length / 3, SeekOrigin.End);
        var end = new byte[length / 3];
        await stream.ReadExactlyAsync(end, Token);

        Assert.Equal(length, stream.Length);
        Assert.True(bytes.AsSpan().SequenceEqual(whole.Bytes.Span));
        Assert.True(bytes.AsSpan().SequenceEqual(forward.ToArray()));
        Assert.True(bytes.AsSpan(length - end.Length).SequenceEqual(end));
    }

    [Theory]
    [InlineData("spaces and +.jpg")]
    [InlineData("a#b?c=d&e.jpg")]
    [InlineData("100%.jpg")]
    [InlineData("%2e%2e/%2F.jpg")]
    [InlineData("caf\u00e9.jpg")]
    [InlineData("cafe\u0301.jpg")]
    [InlineData("🌸/花.jpg")]
    [InlineData("-dash; a,b='c'(1).jpg")]
    public async Task A_blob_is_found_by_its_exact_name(string name)
    {
        await _rig.WriteAsync(name, [1, 2, 3]);

        Assert.Equal(SourceKind.File, await _rig.Source.FindKindAsync(_rig.Place(name), Token));
        await using var stream = await _rig.Source.OpenAsync(_rig.Place(name), Token);
        Assert.Equal(3, stream.Length);
        Assert.Equal([name], await _rig.ListAsync("**"));
    }

    [Theory]
    [InlineData("missing.jpg", "source_not_found")]
    [InlineData("a/", "source_not_a_file")]
    [InlineData("", "source_not_a_file")]
    public async Task A_missing_blob_is_refused(string name, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(() => _rig.Source.OpenAsync(_rig.Place(name), Token))).Code.Name);

    [Fact]
    public async Task A_missing_container_is_refused()
    {
        await _rig.Container.DeleteAsync(cancellationToken: Token);

        Assert.Equal(SourceKind.Missing, await _rig.Source.FindKindAsync(_rig.Place("a.jpg"), Token));
        var opened = await Assert.ThrowsAsync<RefusedException>(() => _rig.Source.OpenAsync(_rig.Place("a.jpg"), Token));
        var listed = await Assert.ThrowsAsync<RefusedException>(() => _rig.ListAsync(""));
        Assert.Equal((ErrorCode.SourceNotFound, ErrorCode.SourceNotFound), (opened.Code, listed.Code));
    }

    /// <summary>As of any other place, its header can be read all the same.</summary>
    [Theory]
    [InlineData(99_999, null)]
    [InlineData(100_000, null)]
    [InlineData(100_001, "source_too_large")]
    public async Task A_blob_over_the_limit_is_not_read_whole(int length, string? code)
    {
        await _rig.WriteAsync("large.jpg", new byte[length]);
        var options = Options.Create(new SourcesOptions { ImagesRoot = "/", MaxBytes = 100_000 });
        var reader = new SourceReader([_rig.Source], options, new MemoryBudget(1_000_000));

        var refusal = await Record.ExceptionAsync(
            async () => (await reader.ReadAsync(_rig.Place("large.jpg"), MemoryTurn.None, Token)).Dispose());
        await using var stream = await reader.OpenAsync(_rig.Place("large.jpg"), Token);

        Assert.Equal(code, (refusal as RefusedException)?.Code.Name);
        Assert.Equal(length, stream.Length);
    }

    [Fact]
    public async Task A_blob_in_the_archive_is_refused()
    {
        await _rig.WriteAsync("a.jpg", TestImages.Jpeg(9, 9));
        await _rig.Container.GetBlobClient("a.jpg").SetAccessTierAsync(AccessTier.Archive, cancellationToken: Token);

        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _rig.Source.OpenAsync(_rig.Place("a.jpg"), Token));

        Assert.Equal(ErrorCode.SourceUnreachable, refusal.Code);
    }

    [Fact]
    public async Task Reading_a_blob_that_changes_meanwhile_fails()
    {
        await _rig.WriteAsync("a.bin", new byte[100_000]);
        await using var stream = await _rig.Source.OpenAsync(_rig.Place("a.bin"), Token);

        await _rig.WriteAsync("a.bin", [.. Enumerable.Repeat((byte)1, 100_000)]);

        await Assert.ThrowsAsync<SourceChangedException>(
            () => SourceBytes.ReadAsync(stream, 1_000_000, new MemoryBudget(10_000_000), MemoryTurn.None, Token));
    }

    // Listing.

    [Fact]
    public async Task A_folder_lists_only_images_and_subfolders_only_on_request()
    {
        await _rig.WriteAsync(
            ["a.jpg", "b.txt", "2026/b.PNG", "2026/c.jpg", "2026/notes.md", "2026/05/d.jpg", "20267.jpg",
                "resized/a_resized.jpg", "z.webp"],
            [1]);

        Assert.Equal(["20267.jpg", "a.jpg", "z.webp"], await _rig.ListAsync(""));
        Assert.Equal(["2026/b.PNG", "2026/c.jpg"], await _rig.ListAsync("2026/"));
        Assert.Equal(["2026/05/d.jpg", "2026/b.PNG", "2026/c.jpg"], await _rig.ListAsync("2026/**"));
        Assert.Equal(["2026/05/d.jpg", "2026/b.PNG", "2026/c.jpg", "20267.jpg", "a.jpg", "z.webp"], await _rig.ListAsync("**"));
        Assert.Empty(await _rig.ListAsync("2027/"));
    }

    [Theory]
    [InlineData("b.jpg", new[] { "c.jpg", "d.jpg" })]
    [InlineData("bb.jpg", new[] { "c.jpg", "d.jpg" })]
    [InlineData("d.jpg", new string[0])]
    public async Task A_listing_continues_after_a_name_even_if_that_is_gone(string after, string[] rest)
    {
        await _rig.WriteAsync(["a.jpg", "b.jpg", "c.jpg", "d.jpg"], [1]);

        Assert.Equal(rest, await _rig.ListAsync("", after));
        Assert.Equal(rest, await _rig.ListAsync("**", after));
    }

    // Thumbnails.

    [Fact]
    public async Task A_thumbnail_is_a_blob_with_a_content_type_in_a_container_that_is_created_if_missing()
    {
        var output = Azurite.UniquePrefix();
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString, output);

        await rig.Thumbnails.PutAsync($"blob://{output}/a/b.webp".ToSource(), new byte[] { 1 }, "image/webp", Token);
        await rig.Thumbnails.PutAsync($"blob://{output}/a/b.webp".ToSource(), new byte[] { 2, 3 }, "image/jpeg", Token);

        BlobDownloadResult stored = await rig.Service.GetBlobContainerClient(output).GetBlobClient("a/b.webp").DownloadContentAsync(Token);
        Assert.Equal([2, 3], stored.Content.ToArray());
        Assert.Equal("image/jpeg", stored.Details.ContentType);
    }

    [Theory]
    [InlineData("blob://other/resized/a.jpg")]
    [InlineData("blob://<own>/a.jpg")]
    public async Task A_thumbnail_is_not_written_to_other_containers(string place)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _rig.Thumbnails.PutAsync(
            place.Replace("<own>", _rig.Name, StringComparison.Ordinal).ToSource(),
            new byte[] { 1 },
            "image/jpeg",
            Token));

        Assert.Equal(ErrorCode.SourceNotAllowed.Name, refusal.Code.Name);
    }
}
