using System.Net;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Legacy;

/// <summary>Requests that are refused before anything is queued.</summary>
public sealed class LegacyRefusalTests(Azurite azurite) : LegacyApi(azurite)
{
    [Trait("Abuse", "1")]
    [Theory]
    [InlineData("../secret.jpg")]
    [InlineData("..%2Fsecret.jpg")]
    [InlineData("%2e%2e/secret.jpg")]
    [InlineData("%252e%252e%252fsecret.jpg")]
    [InlineData("..%5Csecret.jpg")]
    [InlineData("%c0%ae%c0%ae/secret.jpg")]
    [InlineData("..;/secret.jpg")]
    [InlineData("Japan/..")]
    public Task A_path_out_of_the_folder_is_refused(string path) => AssertRefusedAsync(path);

    [Trait("Abuse", "2")]
    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/ImageResize/images-evil/a.jpg")]
    public Task A_path_outside_the_folder_is_refused(string path) => AssertRefusedAsync(path);

    [Trait("Abuse", "3")]
    [Theory]
    [InlineData("link.jpg")]
    public Task A_link_to_a_file_outside_is_refused(string path) => AssertRefusedAsync(path);

    [Trait("Abuse", "4")]
    [Theory]
    [InlineData("a%00.jpg")]
    [InlineData("a%0a.jpg")]
    [InlineData("a%1b.jpg")]
    public Task A_control_character_is_refused(string path) => AssertRefusedAsync(path);

    [Trait("Abuse", "7")]
    [Theory]
    [InlineData("a.jpg&imagePath=b.jpg")]
    public Task A_repeated_parameter_is_refused(string path) => AssertRefusedAsync(path);

    [Trait("Abuse", "2")]
    [Fact]
    public async Task The_images_folder_itself_cannot_be_measured() =>
        Assert.Equal(
            (400, """{"Result":"The given image path is not a file."}"""),
            await App.GetAsync($"/imageapi?imagePath={Root}/"));

    [Theory]
    [InlineData("HEAD", "/imageapi?imagePath=CogentLabs.jpg")]
    [InlineData("PUT", "/imageapi?imagePath=CogentLabs.jpg")]
    [InlineData("POST", "/ProcessWork")]
    [InlineData("POST", "/FailPoisoned")]
    [InlineData("POST", "/DropExpired")]
    public async Task Other_methods_and_function_names_queue_nothing(string method, string address) =>
        Assert.Contains((await App.SendAsync(new HttpMethod(method), address)).Status, (int[])[404, 405]);

    [Fact]
    public async Task Responses_have_the_content_type_JSON_without_parameters()
    {
        using var response = await App.Client.GetAsync($"/imageapi?imagePath={Root}/CogentLabs.jpg", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
    }

    private async Task AssertRefusedAsync(string path)
    {
        using var outside = new TemporaryFolder();
        File.CreateSymbolicLink(App.Images["link.jpg"], outside.Write("secret.jpg", TestImages.Jpeg(9, 9)));

        var (measured, measuredBody) = await App.GetAsync($"/imageapi?imagePath={path}");
        var (resized, resizedBody) = await App.PostAsync($"/imageapi?imagePath={path}");

        Assert.Equal((400, 400), (measured, resized));
        Assert.StartsWith("""{"Result":""", measuredBody, StringComparison.Ordinal);
        Assert.StartsWith("""{"Resize":false,"Message":""", resizedBody, StringComparison.Ordinal);
        Assert.DoesNotContain(outside.Path, measuredBody + resizedBody, StringComparison.Ordinal);
    }
}
