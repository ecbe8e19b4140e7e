using System.Collections.Concurrent;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Finds thumbnails of addresses, or makes and stores them. However many requests ask for one that isn't stored, in however many instances,
/// it is made once. Requests at the same time share one read too.
/// </summary>
public sealed partial class Variants(
    VariantCache cache,
    VariantStore store,
    VariantLeases leases,
    VariantWork work,
    TimeProvider clock,
    ILogger<Variants> logger)
{
    /// <summary>How often a thumbnail is looked for that another instance makes.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Lazy<Task<Variant>>> _shared = new();

    /// <param name="caller">As whom the source is read; null for an unsigned address.</param>
    /// <exception cref="RefusedException">The source or the image is refused, or too much is in work.</exception>
    public Task<Variant> GetAsync(VariantKey key, string? caller, CancellationToken cancellationToken)
    {
        if (cache.Find(key) is { } kept)
        {
            WorkMetrics.CountAddressRead();

            return Task.FromResult(kept);
        }

        // Not canceled with this request: others may wait for the same thumbnail.
        var found = _shared.GetOrAdd(key.Name, static (_, given) => new(() => given.Variants.FindOrMakeAsync(given.Key, given.Caller)),
            (Variants: this, Key: key, Caller: caller));

        return found.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Opens a thumbnail that is not held in memory.</summary>
    /// <exception cref="RefusedException">The thumbnail is no longer stored.</exception>
    public Task<Stream> OpenAsync(VariantKey key, CancellationToken cancellationToken) => store.OpenAsync(key, cancellationToken);

    private async Task<Variant> FindOrMakeAsync(VariantKey key, string? caller)
    {
        try
        {
            var variant = await FindStoredAsync(key) ?? await MakeInTimeAsync(key, caller);
            cache.Add(key, variant);

            return variant;
        }
        catch (RefusedException refusal)
        {
            cache.Add(key, refusal);
            throw;
        }
        finally
        {
            _shared.TryRemove(key.Name, out _);
        }
    }

    private async Task<Variant?> FindStoredAsync(VariantKey key)
    {
        var stored = await store.FindAsync(key, CancellationToken.None);
        if (stored is not null)
        {
            WorkMetrics.CountAddressRead();
        }

        return stored;
    }

    private async Task<Variant> MakeInTimeAsync(VariantKey key, string? caller)
    {
        using var timeout = new CancellationTokenSource(work.Timeout, clock);
        try
        {
            return await MakeOrWaitAsync(key, caller, timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw DirectRequestLimit.Busy($"Not finished within {work.Timeout.TotalSeconds} seconds. Try again.");
        }
    }

    private async Task<Variant> MakeOrWaitAsync(VariantKey key, string? caller, CancellationToken cancellationToken)
    {
        var observer = leases.Observe(key);
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            if (await leases.TryTakeAsync(key, cancellationToken) is { } lease)
            {
                await using (lease)
                {
                    // Another instance may have made it before it released the lease.
                    return await store.FindAsync(key, cancellationToken) ?? await MakeAsync(key, caller, cancellationToken);
                }
            }

            await Task.Delay(pause, clock, cancellationToken);
            if (await store.FindAsync(key, cancellationToken) is { } made)
            {
                return made;
            }

            await observer.RemoveIfAbandonedAsync(cancellationToken);
        }
    }

    private async Task<Variant> MakeAsync(VariantKey key, string? caller, CancellationToken cancellationToken)
    {
        var made = await work.MakeAsync(key, caller, cancellationToken);
        WorkMetrics.CountAddressMade();
        try
        {
            await store.PutAsync(key, made, cancellationToken);
        }
        catch (ThumbnailStoreException fault)
        {
            // The callers get the thumbnail. The next one makes it again.
            LogNotStored(fault.Message);
        }

        return new Variant(made.Bytes, made.Format);
    }

    [LoggerMessage(7005, LogLevel.Warning, "The thumbnail of an address is sent but not stored: {Reason}", EventName = "VariantsNotStored")]
    private partial void LogNotStored(string reason);
}
