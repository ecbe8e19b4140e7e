namespace ImageResize.Tests.Architecture;

/// <summary>One type of ours that the compiled code of another one names. Nested types count for the type that contains them.</summary>
internal sealed record TypeUse(TypeName From, TypeName To);

internal sealed record TypeName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}
