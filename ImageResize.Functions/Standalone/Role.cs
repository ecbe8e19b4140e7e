namespace ImageResize.Functions.Standalone;

/// <summary>The setting <c>ImageResize:Role</c>, with which a deployment scales its workers separately from its API.</summary>
internal enum Role
{
    /// <summary>Serves the API and processes the queues.</summary>
    All,

    /// <summary>Serves the API and deletes expired data, but processes no queue.</summary>
    Api,

    /// <summary>Processes the queues, and serves only health and metrics.</summary>
    Worker,
}
