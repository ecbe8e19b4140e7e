using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Finds the versions of sources, so that a thumbnail of an old version isn't used. A check of a blob or an upload takes a request, so
/// requests within some seconds share one.
/// </summary>
public sealed class SourceVersions(SourceReader sources, IOptions<AddressOptions> options, TimeProvider clock)
{
    /// <summary>With more, all are forgotten.</summary>
    private const int MaxKept = 50_000;

    private readonly ConcurrentDictionary<SourceUri, Check> _checks = new();

    /// <returns>Another text when the source has changed; for a web image, when it is to be read again.</returns>
    /// <exception cref="Errors.RefusedException">The source is missing, not a file or not allowed.</exception>
    public async ValueTask<string> GetAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var isFile = source.Scheme.Length == 0;
        var version = isFile ? await sources.FindVersionAsync(source, cancellationToken)
            : source.IsRemote ? null
            : await CheckAsync(source).WaitAsync(cancellationToken);

        return version ?? GetWindow(source);
    }

    private Task<string?> CheckAsync(SourceUri source)
    {
        if (_checks.TryGetValue(source, out var last) && IsUsable(last))
        {
            return last.Version.Value;
        }

        if (_checks.Count >= MaxKept)
        {
            _checks.Clear();
        }

        // Shared by several requests, so it isn't canceled with one of them.
        var next = new Check(
            clock.GetTimestamp(), new Lazy<Task<string?>>(() => sources.FindVersionAsync(source, CancellationToken.None)));
        var shared = _checks.AddOrUpdate(source, next, (_, other) => ReferenceEquals(other, last) || !IsUsable(other) ? next : other);

        return shared.Version.Value;
    }

    private bool IsUsable(Check check) =>
        !check.Version.IsValueCreated || !check.Version.Value.IsCompleted
        || (check.Version.Value.IsCompletedSuccessfully
            && clock.GetElapsedTime(check.StartedAt).TotalSeconds < options.Value.CheckSeconds);

    /// <summary>The number of the time span in which a thumbnail is used. It begins at another second for each source.</summary>
    private string GetWindow(SourceUri source)
    {
        var offset = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(source.Unredacted)));
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds() + (offset % options.Value.WebSeconds);

        return (seconds / options.Value.WebSeconds).ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Check(long StartedAt, Lazy<Task<string?>> Version);
}
