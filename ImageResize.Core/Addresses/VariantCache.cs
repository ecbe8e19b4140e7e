using System.Runtime.ExceptionServices;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Caches small thumbnails of addresses in memory, and refusals of images for a minute. A name always stands for the same bytes, so no
/// entry becomes stale.
/// </summary>
public sealed class VariantCache(IOptions<AddressOptions> options) : IDisposable
{
    /// <summary>Larger thumbnails would displace many others.</summary>
    internal const int MaxBytes = 256 * 1024;

    /// <summary>The name, the entry and its place in the cache, or the text of a refusal.</summary>
    private const int Overhead = 1024;

    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Refusals that follow from the bytes of the image. Decoding them again gives the same answer.</summary>
    private static readonly HashSet<ErrorCode> Lasting =
    [
        ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat, ErrorCode.TooLarge, ErrorCode.Damaged, ErrorCode.ImageTooSlow,
        ErrorCode.DecoderCrashed,
    ];

    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = options.Value.CacheMegabytes * 1024L * 1024 });

    /// <returns>Null if it is not in memory.</returns>
    /// <exception cref="RefusedException">The image was refused a short time ago.</exception>
    public Variant? Find(VariantKey key)
    {
        switch (_entries.Get(key.Name))
        {
            case ExceptionDispatchInfo refusal:
                refusal.Throw();
                return null;
            case var found:
                return found as Variant;
        }
    }

    public void Add(VariantKey key, Variant variant)
    {
        if (variant.Bytes is { Length: <= MaxBytes } bytes)
        {
            _entries.Set(key.Name, variant, new MemoryCacheEntryOptions { Size = bytes.Length + Overhead });
        }
    }

    public void Add(VariantKey key, RefusedException refusal)
    {
        if (Lasting.Contains(refusal.Code))
        {
            _entries.Set(
                key.Name,
                ExceptionDispatchInfo.Capture(refusal),
                new MemoryCacheEntryOptions { Size = Overhead, AbsoluteExpirationRelativeToNow = RefusalLifetime });
        }
    }

    public void Dispose() => _entries.Dispose();
}
