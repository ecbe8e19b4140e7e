namespace ImageResize.Core.Uploads;

/// <summary>Marks uploads that callers have sent to storage themselves, and could send again.</summary>
internal static class DirectMark
{
    private const string Property = "imageresizedirect";

    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> properties) =>
        new Dictionary<string, string>(properties) { [Property] = "true" };

    public static bool IsIn(IReadOnlyDictionary<string, string> properties) => properties.ContainsKey(Property);
}
