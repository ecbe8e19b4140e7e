using System.Text.Json;
using ImageResize.Tests.Support.FunctionsHost.Rpc;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>A function as the worker declares it to the host.</summary>
internal sealed class DeclaredFunction(RpcFunctionMetadata metadata)
{
    public string Id => metadata.FunctionId;

    public string Name => metadata.Name;

    public RpcFunctionMetadata Metadata => metadata;

    public JsonElement Trigger { get; } = metadata.RawBindings.Select(binding => JsonDocument.Parse(binding).RootElement)
        .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    public string TriggerType => Trigger.GetProperty("type").GetString()!;

    /// <summary>The name of the parameter that the trigger fills.</summary>
    public string Parameter => Trigger.GetProperty("name").GetString()!;

    public string QueueName => Trigger.GetProperty("queueName").GetString()!;

    /// <summary>Whether the worker's extension reads the queue message from the host's own description of it.</summary>
    public bool TakesQueueMessage => Trigger.TryGetProperty("properties", out var properties)
        && properties.TryGetProperty("supportsDeferredBinding", out var supported) && supported.GetString() == "True";

    public bool TakesBytes => Trigger.TryGetProperty("dataType", out var type)
        && type.GetString()!.Equals("Binary", StringComparison.OrdinalIgnoreCase);

    public string Route => Trigger.TryGetProperty("route", out var route) && route.GetString() is { Length: > 0 } given ? given : Name;

    public string AuthLevel => Trigger.TryGetProperty("authLevel", out var level) ? level.GetString()! : "Function";

    /// <summary>The HTTP methods that the function takes. Null for all.</summary>
    public IReadOnlyList<string>? Methods => Trigger.TryGetProperty("methods", out var methods) && methods.ValueKind == JsonValueKind.Array
        ? [.. methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant())]
        : null;
}
