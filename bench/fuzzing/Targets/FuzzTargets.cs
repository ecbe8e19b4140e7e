namespace ImageResize.Fuzzing.Targets;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
        [.. DecoderTargets.All, .. HeaderTargets.All, .. RequestTargets.All, .. TextTargets.All, .. StorageTargets.All];

    public static FuzzTarget Get(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"There is no target {name}. There are {string.Join(", ", All.Select(target => target.Name))}.");

    /// <summary>The bytes of each text.</summary>
    public static IReadOnlyList<byte[]> Words(params string[] texts) => [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];
}
