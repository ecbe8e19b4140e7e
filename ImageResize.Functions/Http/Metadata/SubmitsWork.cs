namespace ImageResize.Functions.Http.Metadata;

/// <summary>Marks an endpoint that submits work though its method is GET. A read key gives no access to it.</summary>
internal sealed class SubmitsWork;
