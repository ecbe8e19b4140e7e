namespace ImageResize.Core.Storage;

/// <summary>Keys of rows and names of blobs, which are sorted as text, so that the newest is the first.</summary>
internal static class NewestFirst
{
    /// <summary>The length of the time before the id.</summary>
    public const int TimeLength = 12;

    /// <summary>The 48 bits of an id's time.</summary>
    private const long MaxMilliseconds = 0xFFFF_FFFF_FFFF;

    /// <summary>The time counts down.</summary>
    public static string KeyOf<TId>(DateTimeOffset time, TId id) => $"{MaxMilliseconds - time.ToUnixTimeMilliseconds():x12}{id}";
}
