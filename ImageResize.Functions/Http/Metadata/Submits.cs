namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint that submits work though its method is GET. A key that can only read can't use it.</summary>
internal sealed class Submits;
