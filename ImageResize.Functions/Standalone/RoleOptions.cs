namespace ImageResize.Functions.Standalone;

/// <summary>Bound from <c>ImageResize</c>.</summary>
internal sealed class RoleOptions
{
    public Role Role { get; init; }
}
