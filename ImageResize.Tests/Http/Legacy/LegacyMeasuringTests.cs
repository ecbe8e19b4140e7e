using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Legacy;

public sealed class LegacyMeasuringTests(Azurite azurite) : LegacyApi(azurite)
{
    private const string NoPath = """{"Result":"Does not specify imagePath parameter. Image request is invalid."}""";

    [Theory]
    [InlineData("GET", "/imageapi")]
    [InlineData("POST", "/imageapi")]
    [InlineData("GET", "/imageapi?imagePath=")]
    [InlineData("POST", "/imageapi?imagepath2=x&customizedSize=3")]
    public async Task A_request_without_imagePath_is_invalid(string method, string address) =>
        Assert.Equal((400, NoPath), await App.SendAsync(new HttpMethod(method), address));

    [Theory]
    [InlineData(Root + "/CogentLabs.jpg")]
    [InlineData("CogentLabs.jpg")]
    [InlineData(Root + "/missing.jpg")]
    [InlineData(Root + "/Japan")]
    public async Task Measuring_is_queued(string path)
    {
        var (status, body) = await App.GetAsync($"/imageapi?imagePath={path}");

        Assert.Equal(200, status);
        Assert.Equal($$"""{"Result":"Task: Get the size of image [{{path}}] has been put into queue","jobId":"<id>"}""", WithoutId(body));
    }

    [Theory]
    [InlineData("CogentLabs.jpg", """{"Height":830,"Result":"Get the size of target image successfully.","Width":1996}""")]
    [InlineData("missing.jpg", """{"Height":-1,"Result":"Image file does not exist.","Width":-1}""")]
    [InlineData("Japan", """{"Height":-1,"Result":"The given image path is not a file.","Width":-1}""")]
    [InlineData("Japan/", """{"Height":-1,"Result":"The given image path is not a file.","Width":-1}""")]
    [InlineData("text.jpg", """{"Height":-1,"Result":"The given image path is not a valid image format","Width":-1}""")]
    [InlineData("a.jpg[shrink=8]", """{"Height":60,"Result":"Get the size of target image successfully.","Width":80}""")]
    public async Task A_measured_image_has_a_size_or_a_reason(string path, string expected)
    {
        var job = await App.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={Root}/{Uri.EscapeDataString(path)}");

        Assert.Equal(expected, await App.ResultAsync(job));
    }
}
