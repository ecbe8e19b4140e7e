namespace ImageResize.Functions.Http.Metadata;

/// <summary>The query parameters of an endpoint under <c>/v1</c>. Others are refused. An endpoint without this has none.</summary>
internal sealed record KnownParameters(params string[] Names)
{
    /// <summary>The endpoint checks them itself.</summary>
    public static KnownParameters Any { get; } = new();
}
