using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Legacy;

public sealed class LegacyResultTests(Azurite azurite) : LegacyApi(azurite)
{
    [Fact]
    public async Task A_result_without_jobId_is_invalid() =>
        Assert.Equal(
            (400, """{"Result":"Does not specify jobId parameter. Image request is invalid."}"""),
            await App.GetAsync("/result"));

    [Theory]
    [InlineData("0190a1b2-c3d4-7e5f-8123-456789abcdef")]
    [InlineData("4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f")]
    [InlineData("nonsense")]
    [InlineData("../x")]
    [InlineData("a%00b%23%3F%5C")]
    [InlineData("%27%20or%201%20eq%201")]
    public async Task An_unknown_job_does_not_exist(string id)
    {
        var (status, body) = await App.GetAsync($"/result?jobId={id}");

        Assert.Equal(404, status);
        Assert.StartsWith(
            """{"Result":"An error occured when trying to fetch the job. Error Message: No such job exists: """,
            body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_of_a_batch_is_answered_with_what_to_ask_for()
    {
        var (_, body) = await App.PostAsync($"/imageapi?imagePath={Root}/");
        var batch = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("batchId").GetString();

        Assert.Equal(
            (404, $$"""{"Result":"{{batch}} is a batch. Ask for a job of it, such as jobId={{batch}}-0, or for /v1/batches/{{batch}}."}"""),
            await App.GetAsync($"/result?jobId={batch}"));
    }

    [Fact]
    public async Task The_id_of_an_unknown_job_is_in_the_message()
    {
        const string id = "4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f";

        Assert.Equal(
            (404, $$"""{"Result":"An error occured when trying to fetch the job. Error Message: No such job exists: {{id}}."}"""),
            await App.GetAsync($"/result?jobId={id}"));
    }

    [Fact]
    public async Task Job_ids_are_compared_exactly()
    {
        var id = await App.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={Root}/CogentLabs.jpg");

        Assert.Equal(404, (await App.GetAsync($"/result?jobId={id.ToUpperInvariant()}")).Status);
        Assert.Equal(404, (await App.GetAsync($"/result?jobId={id}-0")).Status);
    }
}
