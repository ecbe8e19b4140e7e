using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Functions;

/// <summary>Matches requests to one HTTP trigger with ASP.NET Core's routing, which the Functions host uses too.</summary>
internal sealed class TriggerRouter
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _route;

    public TriggerRouter(string name, HttpTriggerAttribute trigger)
    {
        (Name, Level) = (name, trigger.AuthLevel);
        _services = new ServiceCollection().AddLogging().AddRouting().AddSingleton(new DiagnosticListener(name)).BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseRouting();
        app.UseEndpoints(endpoints => Map(endpoints, trigger));
        _route = app.Build();
    }

    public string Name { get; }

    public AuthorizationLevel Level { get; }

    public async Task<bool> MatchesAsync(string method, string path)
    {
        var context = new DefaultHttpContext { RequestServices = _services, Request = { Method = method, Path = path } };
        await _route(context);

        return context.GetEndpoint() is { Metadata: var metadata } && metadata.GetMetadata<TriggerRouter>() == this;
    }

    public override string ToString() => Name;

    /// <summary>A trigger without methods takes all of them.</summary>
    private void Map(IEndpointRouteBuilder endpoints, HttpTriggerAttribute trigger)
    {
        RequestDelegate answer = static _ => Task.CompletedTask;
        var mapped = trigger.Methods is { Length: > 0 } methods
            ? endpoints.MapMethods(trigger.Route!, methods.Select(method => method.ToUpperInvariant()), answer)
            : endpoints.Map(trigger.Route!, answer);
        mapped.WithMetadata(this);
    }
}
