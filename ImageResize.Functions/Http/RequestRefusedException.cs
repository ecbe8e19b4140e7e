namespace ImageResize.Functions.Http;

/// <summary>The request is at fault, and this says how; answered as problem+json.</summary>
/// <param name="code">Stable and for programs; listed in docs/api.md.</param>
internal sealed class RequestRefusedException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
