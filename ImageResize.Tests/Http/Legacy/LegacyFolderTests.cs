using System.Text.Json;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Legacy;

public sealed class LegacyFolderTests(Azurite azurite) : LegacyApi(azurite)
{
    [Theory]
    [InlineData("Japan")]
    [InlineData("Japan/")]
    public async Task A_folder_becomes_a_batch(string folder)
    {
        App.Images.Write("Japan/b.PNG", TestImages.Png(30, 20));
        App.Images.Write("Japan/readme.txt", [1]);
        App.Images.Write("Japan/deeper/c.jpg", TestImages.Jpeg(30, 20));

        var (status, body) = await App.PostAsync($"/imageapi?imagePath={Root}/{folder}");

        Assert.Equal(200, status);
        Assert.Equal(
            """{"Result":"[2] image resizing tasks have been put into queue. """ +
            $$"""Please directly go to [{{Root}}/resized/] to check the results.","batchId":"<id>"}""",
            WithoutId(body));
        await Eventually.Async(() => FilesOf("resized/Japan") is ["a_resized.jpg", "b_resized.PNG"]);
    }

    [Fact]
    public async Task The_stars_include_subfolders()
    {
        App.Images.Write("Japan/deeper/c.jpg", TestImages.Jpeg(30, 20));

        var (status, body) = await App.PostAsync($"/imageapi?imagePath={Root}/Japan/**");

        Assert.Equal(200, status);
        Assert.Contains("[2] image resizing tasks", body, StringComparison.Ordinal);
        await Eventually.Async(() => FilesOf("resized/Japan/deeper") is ["c_resized.jpg"]);
    }

    [Trait("Abuse", "10")]
    [Fact]
    public async Task A_batch_of_the_images_folder_excludes_thumbnails()
    {
        App.Images.Write("resized/old_resized.jpg", TestImages.Jpeg(10, 10));

        var (_, first) = await App.PostAsync($"/imageapi?imagePath={Root}/");
        await WaitAsync(first);
        var files = FilesOf("resized");
        var (_, second) = await App.PostAsync($"/imageapi?imagePath={Root}");
        var (resized, refusal) = await App.PostAsync($"/imageapi?imagePath={Root}/resized/");

        await WaitAsync(second);
        Assert.Contains("\"[3] image", first, StringComparison.Ordinal);
        Assert.Contains("\"[3] image", second, StringComparison.Ordinal);
        Assert.Equal(["CogentLabs_resized.jpg", "a_resized.jpg[shrink=8]", "old_resized.jpg"], files);
        Assert.Equal(files, FilesOf("resized"));
        Assert.Equal(400, resized);
        Assert.StartsWith("""{"Resize":false,"Message":""", refusal, StringComparison.Ordinal);
    }

    [Trait("Abuse", "6")]
    [Fact]
    public async Task A_folder_without_images_is_an_empty_batch()
    {
        Directory.CreateDirectory(App.Images["empty"]);

        var (status, body) = await App.PostAsync($"/imageapi?imagePath={Root}/empty");

        Assert.Equal(200, status);
        Assert.Contains("\"[0] image", body, StringComparison.Ordinal);
    }

    /// <summary>Waits for the three jobs of a folder batch.</summary>
    private async Task WaitAsync(string submitted)
    {
        var batch = JsonDocument.Parse(submitted).RootElement.GetProperty("batchId").GetString();
        await App.ResultAsync($"{batch}-0");
        await App.ResultAsync($"{batch}-1");
        await App.ResultAsync($"{batch}-2");
    }
}
