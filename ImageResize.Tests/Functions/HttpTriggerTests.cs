using System.Reflection;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Functions;

/// <summary>Under the Functions host, an endpoint can be reached only through an HTTP trigger.</summary>
public sealed class HttpTriggerTests(Azurite azurite)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private static readonly TriggerRouter[] Triggers =
    [
        .. from method in typeof(HttpFunctions).GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let triggers = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
           let trigger = triggers.Single(trigger => trigger is not null)
           select new TriggerRouter(function.Name, trigger),
    ];

    [Fact]
    public async Task Every_endpoint_is_reached_by_one_trigger_with_its_auth_level()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        var reached = await ReachedAsync(Endpoints(app).SelectMany(endpoint => endpoint.Methods, (endpoint, method) => (endpoint, method)));

        Assert.All(reached, request => Assert.Equal([request.Endpoint.Level], request.Triggers.Select(trigger => trigger.Level)));
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_support_also_reaches_the_pipeline()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        var reached = await ReachedAsync(Endpoints(app).SelectMany(_ => Methods, (endpoint, method) => (endpoint, method)));

        Assert.All(reached, request => Assert.Single(request.Triggers));
    }

    [Fact]
    public async Task Every_trigger_reaches_an_endpoint()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        var reached = await ReachedAsync(Endpoints(app).SelectMany(endpoint => endpoint.Methods, (endpoint, method) => (endpoint, method)));

        Assert.Equal(
            Triggers.Select(trigger => trigger.Name).Order(),
            reached.SelectMany(request => request.Triggers).Select(trigger => trigger.Name).Distinct().Order());
    }

    private static List<EndpointAddress> Endpoints(RunningApp app) =>
    [
        .. from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<StandaloneOnly>() is null
           let methods = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select new EndpointAddress(PathOf(endpoint.RoutePattern), methods, LevelOf(endpoint)),
    ];

    /// <summary>A path that the pattern matches.</summary>
    private static string PathOf(RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(TextOf))));

    private static string TextOf(RoutePatternPart part) => part is RoutePatternLiteralPart literal ? literal.Content : "1";

    private static AuthorizationLevel LevelOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? AuthorizationLevel.Anonymous
        : endpoint.Metadata.GetMetadata<AdminOnly>() is not null ? AuthorizationLevel.Admin
        : AuthorizationLevel.Function;

    private static async Task<List<(EndpointAddress Endpoint, List<TriggerRouter> Triggers)>> ReachedAsync(
        IEnumerable<(EndpointAddress Endpoint, string Method)> requests)
    {
        var reached = new List<(EndpointAddress, List<TriggerRouter>)>();
        foreach (var (endpoint, method) in requests)
        {
            var triggers = new List<TriggerRouter>();
            foreach (var trigger in Triggers)
            {
                if (await trigger.MatchesAsync(method, endpoint.Path))
                {
                    triggers.Add(trigger);
                }
            }

            reached.Add((endpoint, triggers));
        }

        Assert.NotEmpty(reached);

        return reached;
    }

    private sealed record EndpointAddress(string Path, IReadOnlyList<string> Methods, AuthorizationLevel Level);
}
