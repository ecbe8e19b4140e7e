using System.Reflection;
using System.Text.Json.Nodes;
using ImageResize.Core.Batches;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Hosting;
using ImageResize.OpenApi;

namespace ImageResize.Tests.Contract;

/// <summary>The OpenAPI document in docs/, which the program sends.</summary>
public sealed class OpenApiDocumentTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Find()!, "docs");

    [Fact]
    public async Task The_document_in_docs_is_that_of_the_endpoints()
    {
        var document = await ApiDocument.CreateAsync();

        AssertSame("openapi.json", ApiDocument.ToJson(document));
        AssertSame("openapi.yaml", YamlText.Of(document));
    }

    [Fact]
    public void Every_error_code_is_a_response_or_an_error_of_a_job()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => ((ErrorCode)field.GetValue(null)!).Name);

        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "openapi.json")))!;
        var documented = EnumsOf(document, "code").ToHashSet();

        Assert.Subset(documented, codes.ToHashSet());
    }

    [Fact]
    public void A_callback_is_as_documented()
    {
        var batch = new Batch(BatchId.New(DateTimeOffset.UnixEpoch)) { Name = "spring" };

        var body = CallbackBody.Of(batch, new CallbackStatus(DateTimeOffset.UnixEpoch, 3, new JobCounts(2, 1, 0)));

        Assert.Empty(ApiContract.Load().FindErrors("CallbackBody", body));
    }

    private static void AssertSame(string name, string expected) => Assert.True(
        File.ReadAllText(Path.Combine(Folder, name)) == expected,
        $"docs/{name} is not that of the endpoints. To update it, run: dotnet run --project ImageResize.OpenApi");

    /// <summary>The allowed values of all properties with a name.</summary>
    private static IEnumerable<string> EnumsOf(JsonNode? node, string property) => node switch
    {
        JsonObject values =>
        [
            .. (values[property] as JsonObject)?["enum"]?.AsArray().Select(word => word!.GetValue<string>()) ?? [],
            .. values.SelectMany(value => EnumsOf(value.Value, property)),
        ],
        JsonArray items => items.SelectMany(item => EnumsOf(item, property)),
        _ => [],
    };
}
