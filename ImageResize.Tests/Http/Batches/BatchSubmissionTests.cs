using System.Net;
using Azure.Storage.Blobs.Models;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Batches;

/// <summary>POST /v1/batches.</summary>
public sealed class BatchSubmissionTests(Azurite azurite) : BatchApi(azurite)
{
    [Fact]
    public async Task A_batch_is_accepted_with_links()
    {
        using var response = await PostAsync(
            $$"""{ "name": "spring", "items": [ { "source": "a.jpg" }, { "source": "b.png" } ], "actions": {{Thumbnail}} }""");
        var batch = await JsonAsync(response);
        var address = $"/v1/batches/{batch.GetProperty("id").GetString()}";

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(address, response.Headers.Location!.OriginalString);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(("spring", "queued", 2), (Text(batch, "name"), Text(batch, "state"), batch.GetProperty("total").GetInt32()));
        Assert.Equal($"{address}/jobs", batch.GetProperty("links").GetProperty("jobs").GetString());
    }

    [Fact]
    public async Task NDJSON_lines_are_accepted_as_a_batch()
    {
        var lines = string.Join('\n', Enumerable.Repeat($$"""{ "source": "a.jpg", "actions": {{Thumbnail}} }""", 30)) + "\n\n";
        using var response = await PostAsync(lines, "application/x-ndjson", "/v1/batches?name=lines");

        var batch = await EndAsync(response);

        Assert.Equal(("lines", 30), (Text(batch, "name"), batch.GetProperty("counts").GetProperty("succeeded").GetInt32()));
    }

    [Fact]
    public async Task An_invalid_line_is_reported_with_the_number_that_editors_show()
    {
        var lines = string.Join(
            '\n', ["""{"source":"a.jpg","actions":[{"measure":{}}]}""", "", """{"source":["a.jpg"],"actoins":[]}""", "no json"]);
        using var response = await PostAsync(lines, "application/x-ndjson");

        var items = (await JsonAsync(response)).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(
            [(1, 3), (2, 4)], items.Select(item => (item.GetProperty("item").GetInt32(), item.GetProperty("line").GetInt32())));
        Assert.Equal(
            "source must be text, not a list. actoins is not known. Known are source, actions, name.", Text(items[0], "message"));
    }

    [Fact]
    public async Task An_item_that_is_only_a_source_is_refused_with_an_example()
    {
        using var response = await PostAsync("""{ "items": [ "a.jpg" ], "actions": [ { "measure": {} } ] }""");

        var item = (await JsonAsync(response)).GetProperty("items")[0];

        Assert.Equal("""An item must be an object, such as { "source": "a.jpg" }.""", Text(item, "message"));
    }

    [Fact]
    public async Task With_JSON_a_parameter_is_refused_because_it_would_have_no_effect()
    {
        using var response = await PostAsync("""{ "items": [] }""", address: "/v1/batches?name=spring");

        Assert.Equal(
            "name is a parameter of batches with lines. With JSON, it belongs in the body.", Text(await JsonAsync(response), "detail"));
    }

    [Fact]
    public async Task Lines_beyond_the_first_request_are_stored_by_list_messages()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 2_300).Select(_ => """{"source":"a.jpg","actions":[{"measure":{}}]}"""));
        using var response = await PostAsync(lines, "application/x-ndjson");

        var batch = await EndAsync(response);

        Assert.Equal("""{"queued":0,"succeeded":2300,"failed":0,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        var page = await GetAsync(batch, "jobs", "?from=2200");
        Assert.Equal(100, page.GetProperty("value").GetArrayLength());
        Assert.False(page.TryGetProperty("nextLink", out _));
        Assert.EndsWith("/jobs?from=100", Text(await GetAsync(batch, "jobs"), "nextLink"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_in_a_blob_is_listed_and_only_its_invalid_lines_fail()
    {
        var manifest = string.Join(
            '\n', ["""{"source":"a.jpg"}""", "no json", "", """{"source":"../x"}""", """{"source":"sub/"}""", """{"source":"b.png"}"""]);
        await Blobs.GetBlobContainerClient(Photos).GetBlobClient("all.ndjson").UploadAsync(BinaryData.FromString(manifest), Token);

        var batch = await RunAsync($$"""{ "manifest": "blob://{{Photos}}/all.ndjson", "actions": {{Thumbnail}} }""");

        Assert.Equal("""{"queued":0,"succeeded":4,"failed":2,"canceled":0}""", batch.GetProperty("counts").GetRawText());
        var failed = (await GetAsync(batch, "jobs", "?state=failed")).GetProperty("value")
            .EnumerateArray().Select(job => job.GetProperty("error"));
        Assert.Equal(
            [("invalid_item", "Line 2: The item is not valid JSON at line 1, byte 2."),
                ("source_not_allowed", "Line 4: The image path is outside /ImageResize/images")],
            failed.Select(error => (Text(error, "code"), Text(error, "message"))));
    }

    [Fact]
    public async Task A_compressed_manifest_is_refused_by_the_name_of_its_encoding()
    {
        await Blobs.GetBlobContainerClient(Photos).GetBlobClient("all.ndjson.gz").UploadAsync(
            BinaryData.FromString("compressed"),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentEncoding = "gzip" } },
            Token);

        using var response = await PostAsync($$"""{ "manifest": "blob://{{Photos}}/all.ndjson.gz", "actions": {{Thumbnail}} }""");
        var problem = await JsonAsync(response);

        Assert.Equal((415, "content_encoding_not_supported"), ((int)response.StatusCode, Text(problem, "code")));
        Assert.Contains("Content-Encoding gzip", Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stars_include_subfolders_and_other_patterns_are_refused()
    {
        var all = await RunAsync($$"""{ "items": [ { "source": "**" } ], "actions": {{Thumbnail}} }""");
        using var pattern = await PostAsync($$"""{ "items": [ { "source": "sub/*.jpg" } ], "actions": {{Thumbnail}} }""");
        using var job = await PostAsync($$"""{ "source": "sub/*", "actions": {{Thumbnail}} }""", address: "/v1/jobs");

        Assert.Equal(4, all.GetProperty("counts").GetProperty("succeeded").GetInt32());
        var item = (await JsonAsync(pattern)).GetProperty("items")[0];
        Assert.Equal("invalid_source", Text(item, "code"));
        Assert.Contains("/** at the end", Text(item, "message"), StringComparison.Ordinal);
        Assert.Equal((400, "invalid_source"), ((int)job.StatusCode, Text(await JsonAsync(job), "code")));
    }

    [Fact]
    public async Task All_invalid_items_are_listed_together()
    {
        using var response = await PostAsync("""
            { "items": [
                { "source": "a.jpg", "actions": [ { "measure": {} } ] },
                { "source": "a.jpg", "actions": [ { "thumbnail": { "width": 0 } } ] },
                { "source": "../a.jpg", "actions": [ { "measure": {} } ] },
                { "source": "a.jpg" },
                7 ] }
            """);
        var problem = await JsonAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_items"), (response.StatusCode, Text(problem, "code")));
        Assert.Equal(
            [(1, "invalid_item"), (2, "source_not_allowed"), (3, "invalid_item"), (4, "invalid_item")],
            problem.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("item").GetInt32(), Text(item, "code"))));
        Assert.Equal("actions[0].thumbnail: width must be an integer from 1 to 4096.", Text(problem.GetProperty("items")[0], "message"));
    }

    [Theory]
    [InlineData("{}", 400, "invalid_request")]
    [InlineData("null", 400, "invalid_request")]
    [InlineData("{", 400, "invalid_request")]
    [InlineData("""{ "items": [] }""", 400, "invalid_item")]
    [InlineData("""{ "items": [], "manifest": "blob://x/y" }""", 400, "invalid_request")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "actions": [] }""", 400, "invalid_request")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "actions": [ { "preset": "nobody" } ] }""", 400, "unknown_preset")]
    [InlineData("""{ "items": [ { "source": "a.jpg" } ], "surprise": 1 }""", 400, "invalid_request")]
    [InlineData("""{ "manifest": "blob://not-allowed/all.ndjson" }""", 400, "source_not_allowed")]
    [InlineData("""{ "manifest": "a.jpg" }""", 400, "invalid_source")]
    public async Task An_invalid_batch_is_refused_with_a_code(string body, int status, string code)
    {
        using var response = await PostAsync(body);

        Assert.Equal((status, code), ((int)response.StatusCode, Text(await JsonAsync(response), "code")));
    }

    /// <summary>A callback without an address is refused instead of never being sent.</summary>
    [Fact]
    public async Task All_invalid_values_are_listed_together()
    {
        using var response = await PostAsync($$"""
            { "name": "{{new string('n', 201)}}", "items": [ { "source": "a.jpg" } ], "callback": {},
              "actions": [ { "measure": {} }, { "thumbnail": { "width": 0, "quality": 101 } }, {} ] }
            """);
        var problem = await JsonAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (response.StatusCode, Text(problem, "code")));
        Assert.Equal(
            ["actions[1].thumbnail.quality", "actions[1].thumbnail.width", "actions[2].thumbnail", "callback.url", "name"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }
}
