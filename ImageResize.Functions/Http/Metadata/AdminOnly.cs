namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint that requires the admin key.</summary>
internal sealed class AdminOnly;
