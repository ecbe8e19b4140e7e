using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Batches;

/// <summary>Names of items and of uploaded files in jobs, archives and tables of failures.</summary>
public sealed class NamedJobTests(Azurite azurite) : BatchApi(azurite)
{
    private const string Png = """[ { "thumbnail": { "width": 40, "height": 40, "format": "png" } } ]""";

    private const string TwoSizes = """[ { "thumbnail": { "width": 40 } }, { "thumbnail": { "width": 20 } } ]""";

    [Fact]
    public async Task Thumbnails_have_the_names_of_their_items_in_the_archive()
    {
        var batch = await RunAsync($$"""
            { "items": [
                { "source": "a.jpg", "name": "beach.jpg" },
                { "source": "a.jpg", "name": "sea.jpeg" },
                { "source": "a.jpg", "name": "sea.jpeg" },
                { "source": "b.png", "name": "BEACH.jpg" },
                { "source": "sub/c.jpg", "name": "../\u202Enul/2.jpg", "actions": {{TwoSizes}} },
                { "source": "sub/d.jpg", "name": "beach.jpg", "actions": {{Png}} },
                { "source": "sub/d.jpg", "name": "failures.csv", "actions": {{Png}} },
                { "source": "missing.jpg", "name": "=gone.jpg" } ],
              "actions": {{Thumbnail}} }
            """);

        var (names, table) = await ReadArchiveAsync(batch);

        Assert.Equal(
            [
                "beach.jpg", "sea.jpeg", "BEACH.png", "___nul_2_40x30.jpg", "___nul_2_20x15.jpg", "beach (2).png", "failures.csv.png",
                "failures.csv",
            ],
            names);
        Assert.Matches("\r\n[0-9a-f-]+-7,\"'=gone.jpg\",\"/ImageResize/images/missing.jpg\",source_not_found,", table);
    }

    [Fact]
    public async Task Jobs_are_listed_with_their_names()
    {
        var batch = await RunAsync(
            $$"""{ "items": [ { "source": "a.jpg", "name": "a/b.jpg" }, { "source": "b.png" } ], "actions": {{Thumbnail}} }""");
        var lines = """{"source":"a.jpg","name":"one.jpg"}""" + "\n" + """{"source":"missing.jpg","name":"two.jpg"}""" + "\n";
        await Blobs.GetBlobContainerClient(Photos).UploadBlobAsync("all.ndjson", BinaryData.FromString(lines), Token);
        var manifest = await RunAsync($$"""{ "manifest": "blob://{{Photos}}/all.ndjson", "actions": {{Thumbnail}} }""");

        Assert.Equal(["a_b.jpg", null], await NamesAsync(batch));
        Assert.Equal(["one.jpg", "two.jpg"], await NamesAsync(manifest));
        var job = await App.Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{Text(batch, "id")}-0", Token);
        Assert.Equal("a_b.jpg", Text(job, "name"));
    }

    [Fact]
    public async Task A_job_keeps_its_name()
    {
        using var submitted = await PostAsync(
            $$"""{ "source": "missing.jpg", "name": "a/b.jpg", "actions": {{Thumbnail}} }""", address: "/v1/jobs");
        var job = await App.EndedAsync(submitted.Headers.Location!.OriginalString);

        Assert.Equal("a_b.jpg", Text(await JsonAsync(submitted), "name"));
        Assert.Equal(("failed", "a_b.jpg"), (Text(job, "state"), Text(job, "name")));
    }

    [Fact]
    public async Task A_folder_with_a_name_and_a_name_that_is_too_long_are_refused()
    {
        using var folder = await PostAsync($$"""{ "items": [ { "source": "sub/", "name": "a" } ], "actions": {{Thumbnail}} }""");
        using var item = await PostAsync(
            $$"""{ "items": [ { "source": "a.jpg", "name": "{{new string('a', 201)}}" } ], "actions": {{Thumbnail}} }""");
        using var job = await PostAsync(
            $$"""{ "source": "a.jpg", "name": "{{new string('a', 201)}}", "actions": {{Thumbnail}} }""", address: "/v1/jobs");

        Assert.Contains("A folder can't have a name", await folder.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("name needs 1 to 200 characters.", await item.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("name needs 1 to 200 characters.", await job.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_keep_the_names_of_their_files_unless_told_not_to()
    {
        var form = await UploadAsync("", form: "../holiday/été 🐈.jpg");
        var named = await UploadAsync("?name=a%2Fb.jpg", form: null);
        var unnamed = await UploadAsync("?keepNames=false", form: "secret.jpg");

        var batch = await RunAsync($$"""
            { "items": [
                { "source": "{{form}}" }, { "source": "{{named}}" }, { "source": "{{unnamed}}" },
                { "source": "{{form}}", "name": "other.jpg" }, { "source": "{{named}}", "actions": [ { "measure": {} } ] } ],
              "actions": {{Thumbnail}} }
            """);

        Assert.Equal(["été 🐈.jpg", "a_b.jpg", null, "other.jpg", "a_b.jpg"], await NamesAsync(batch));
        var (names, _) = await ReadArchiveAsync(batch);
        Assert.Equal(["été 🐈.jpg", "a_b.jpg", "other.jpg"], names.Where(name => !name.Contains('/', StringComparison.Ordinal)));
    }

    private async Task<string> UploadAsync(string query, string? form)
    {
        using HttpContent file = new ByteArrayContent(TestImages.Jpeg(80, 60));
        using var content = form is null ? file : new MultipartFormDataContent { { file, "file", form } };
        using var response = await App.Client.PostAsync($"/v1/images{query}", content, Token);
        var upload = await JsonAsync(response);
        var described = await App.Client.GetFromJsonAsync<JsonElement>(response.Headers.Location, Token);
        Assert.Equal(upload.GetRawText(), described.GetRawText());

        return Text(upload, "source");
    }

    private async Task<List<string?>> NamesAsync(JsonElement batch) =>
    [
        .. (await GetAsync(batch, "jobs")).GetProperty("value").EnumerateArray()
            .Select(job => job.TryGetProperty("name", out var name) ? name.GetString() : null),
    ];

    private async Task<(List<string> Names, string Table)> ReadArchiveAsync(JsonElement batch)
    {
        await using var body = await App.Client.GetStreamAsync(batch.GetProperty("links").GetProperty("thumbnails").GetString(), Token);
        await using var archive = new ZipArchive(body);
        var entry = archive.GetEntry("failures.csv");
        using var table = entry is null ? null : new StreamReader(await entry.OpenAsync(Token));

        return ([.. archive.Entries.Select(name => name.FullName)], table is null ? "" : await table.ReadToEndAsync(Token));
    }
}
