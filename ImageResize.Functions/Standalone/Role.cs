namespace ImageResize.Functions;

/// <summary>What a standalone program does, by the setting <c>ImageResize:Role</c>: a deployment can scale its workers apart from its API.</summary>
internal enum Role
{
    All,

    /// <summary>Answers requests and drops what has expired; works no queue off.</summary>
    Api,

    /// <summary>Works the queues off; of its endpoints only health is there.</summary>
    Worker,
}
