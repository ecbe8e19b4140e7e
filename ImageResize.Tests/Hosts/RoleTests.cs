using ImageResize.Tests.Support;

namespace ImageResize.Tests.Hosts;

/// <summary>The roles of the standalone program, with the same storage.</summary>
public sealed class RoleTests(Azurite azurite)
{
    [Fact]
    public async Task The_api_role_answers_requests_and_the_worker_role_processes_jobs()
    {
        var name = Azurite.UniquePrefix();
        string[] shared = [$"--ImageResize:Storage:TablePrefix={name}", $"--ImageResize:Storage:WorkQueue={name}"];
        await using var api = await RunningApp.StartAsync(azurite, [.. shared, "--ImageResize:Role=Api"]);
        api.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));

        var id = await api.SubmitAsync(HttpMethod.Post, "/imageapi?imagePath=cat.jpg");
        Assert.Equal(404, (await api.GetAsync($"/result?jobId={id}")).Status);

        await using var worker = await RunningApp.StartAsync(
            azurite, [.. shared, "--ImageResize:Role=Worker", $"--ImageResize:Sources:ImagesRoot={api.Images.Path}"]);
        Assert.Equal("""{"Message":"/ImageResize/images/resized/cat_resized.jpg","Resize":true}""", await api.ResultAsync(id));
    }

    [Theory]
    [InlineData("/imageapi?imagePath=cat.jpg")]
    [InlineData("/result?jobId=1")]
    [InlineData("/v1/batches/1")]
    public async Task The_worker_role_has_no_api(string address)
    {
        await using var worker = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Worker");

        Assert.Equal(404, (await worker.GetAsync(address)).Status);
    }
}
