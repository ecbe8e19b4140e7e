using System.Net;
using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Jobs;

/// <summary>Requests to /v1/jobs that are refused.</summary>
public sealed class RefusedJobTests(Azurite azurite) : JobApi(azurite)
{
    private const string Cat = """ "source": "cat.jpg", "actions": [ { "measure": {} } ] """;

    [Theory]
    [InlineData("""{ "actions": [ { "measure": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "", "actions": [ { "measure": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg" }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ {} ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ null ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "measure": {}, "preset": "card" } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": {} } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 0 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 4097 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": "ten" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "fit": "cover" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "fit": 1 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "format": "bmp" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "quality": 101 } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "background": "red" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "metadata": ["all"] } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 10, "colour": "red" } } ] }""", "invalid_request")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "preset": "nobody" } ] }""", "unknown_preset")]
    [InlineData("""{ "source": "../cat.jpg", "actions": [ { "measure": {} } ] }""", "source_not_allowed")]
    [InlineData("""{ "source": "ftp://example.com/cat.jpg", "actions": [ { "measure": {} } ] }""", "invalid_source")]
    [InlineData("""{ "source": "http://127.0.0.1/cat.jpg", "actions": [ { "measure": {} } ] }""", "source_not_allowed")]
    [InlineData("""{ "source": "/ImageResize/images/", "actions": [ { "measure": {} } ] }""", "source_is_folder")]
    [InlineData("no json", "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("null", "invalid_request")]
    public async Task An_invalid_request_is_refused_with_a_code(string body, string code)
    {
        using var response = await PostAsync(body);
        var problem = await JsonAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("ImageResize.Functions", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_invalid_values_are_listed_together()
    {
        using var response = await PostAsync("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 0, "quality": 101 } } ] }""");

        var errors = (await JsonAsync(response)).GetProperty("errors");

        Assert.Equal(
            ["actions[0].thumbnail.quality", "actions[0].thumbnail.width"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task Values_that_cannot_be_read_are_listed_with_the_others()
    {
        using var response = await PostAsync("""
            { "actions": [ { "thumbnail": { "width": 0, "height": "ten", "fit": "coover", "colour": "red", "background": "red" } },
                { "measure": 1 } ], "priority": 1 }
            """);

        var problem = await JsonAsync(response);

        Assert.Equal(
            [
                ("actions[0].thumbnail.background", "The background is a colour like #ffffff."),
                ("actions[0].thumbnail.colour",
                    "colour is not known. Known are width, height, format, metadata, fit, gravity, quality, background, animated."),
                ("actions[0].thumbnail.fit", "fit must be one of inside, cover, fill, not 'coover'."),
                ("actions[0].thumbnail.height", "height must be an integer from 1 to 4096."),
                ("actions[0].thumbnail.width", "width must be an integer from 1 to 4096."),
                ("actions[1].measure", "measure must be an object, not 1."),
                ("priority", "priority is not known. Known are source, actions, name."),
                ("source", "source is missing."),
            ],
            problem.GetProperty("errors").EnumerateObject().OrderBy(error => error.Name, StringComparer.Ordinal)
                .Select(error => (error.Name, error.Value[0].GetString())));
        Assert.EndsWith("8 values are wrong; errors has all.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused_by_its_content_type()
    {
        using var content = new StringContent("source=cat.jpg", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await App.Client.PostAsync("/v1/jobs", content, Token);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        var problem = await JsonAsync(response);
        Assert.Equal("unsupported_media_type", problem.GetProperty("code").GetString());
        Assert.Equal("The body must be JSON. Send it with Content-Type: application/json.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("", "The body is missing. Send a job as JSON, with a source and actions.")]
    [InlineData("null", "The body is missing. Send a job as JSON, with a source and actions.")]
    [InlineData("""{ "source": "cat.jpg", """, "The body is not valid JSON at line 1, byte 24.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "measure": {} } ], "actoins": [] }""",
        "actoins is not known. Known are source, actions, name.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 9, "format": "jpg" } } ] }""",
        "format must be one of same, jpeg, png, webp, avif, not 'jpg'.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 9, "metadata": ["exif"] } } ] }""",
        "metadata[0] must be one of copyright, colourProfile, not 'exif'.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [ { "thumbnail": { "width": 9, "metadata": "copyright" } } ] }""",
        "metadata must be a list, not 'copyright'.")]
    [InlineData("""{ "source": ["cat.jpg"], "actions": [ { "measure": {} } ] }""", "source must be text, not a list.")]
    [InlineData("""{ "source": "cat.jpg", "actions": { "measure": {} } }""", "actions must be a list, not an object.")]
    [InlineData("""{ "source": "cat.jpg", "actions": [] }""", "actions needs 1 to 17 entries.")]
    [InlineData("[]", "The request must be an object, not a list.")]
    public async Task An_unreadable_body_is_refused_with_its_position(string body, string detail)
    {
        using var response = await PostAsync(body);

        Assert.Equal(
            (HttpStatusCode.BadRequest, detail), (response.StatusCode, (await JsonAsync(response)).GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 202)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    [InlineData("application/json; charset=us-ascii", 202)]
    [InlineData("application/json; charset=shift_jis", 415)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=bogus", 415)]
    public async Task JSON_with_an_unsupported_charset_is_refused(string type, int status)
    {
        foreach (var (address, body) in ((string, string)[])[("/v1/jobs", $"{{ {Cat} }}"),
            ("/v1/batches", $$"""{ "items": [ { {{Cat}} } ] }""")])
        {
            using var content = new StringContent(body);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await App.Client.PostAsync(address, content, Token);

            Assert.Equal((address, status), (address, (int)response.StatusCode));
        }
    }

    /// <summary>Image tags, scripts and browsers send these headers.</summary>
    [Theory]
    [InlineData("text/html")]
    [InlineData("image/*")]
    [InlineData("application/json;q=0")]
    [InlineData("nonsense")]
    public async Task Errors_are_problem_details_whatever_the_Accept_header(string accepted)
    {
        foreach (var (address, status) in ((string, int)[])
            [($"/v1/jobs/{BatchId.New(TimeProvider.System.GetUtcNow())}/thumbnails/0", 404),
                ("/v1/nothing", 404), ("/v1/jobs/x?wait=61", 400), ("/result/x", 404)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", accepted);
            using var response = await App.Client.SendAsync(request, Token);

            Assert.Equal((address, status, "application/problem+json"),
                (address, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
    }
}
