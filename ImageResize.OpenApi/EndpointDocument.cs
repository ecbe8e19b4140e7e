using System.Text.Json.Nodes;
using ImageResize.Core.Batches.Submission;
using ImageResize.Functions;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Uploads;
using ImageResize.Functions.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ImageResize.OpenApi;

/// <summary>What ASP.NET Core finds in the endpoints: their addresses, path parameters, and the schemas of the types they use.</summary>
internal static class EndpointDocument
{
    private const string Name = "v1";

    /// <summary>Types that endpoints read or write themselves, so that their signatures don't have them.</summary>
    private static readonly Type[] OtherTypes =
    [
        typeof(BatchRequest), typeof(CallbackRequest), typeof(ItemRequest), typeof(ItemError), typeof(UploadReply), typeof(HealthReply),
        typeof(PartReply), typeof(EngineReply),
    ];

    public static async Task<JsonObject> ReadAsync()
    {
        // The program is built but not started: it opens no port and no storage.
        var builder = StandaloneHost.CreateBuilder(
        [
            "--environment=Development",
            "--AzureWebJobsStorage=UseDevelopmentStorage=true",
            $"--ImageResize:Sources:ImagesRoot={AppContext.BaseDirectory}",
        ]);
        builder.AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null);
        builder.Services.AddOpenApi(Name, options => options.AddDocumentTransformer(AddTypesAsync));
        await using var app = StandaloneHost.Build(builder);
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();

        return JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
    }

    private static async Task AddTypesAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var type in OtherTypes)
        {
            document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, parameterDescription: null, cancellationToken));
        }
    }
}
