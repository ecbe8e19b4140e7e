using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Lets one of several instances make a thumbnail: the one that creates a file in the store. It renews the file, so that others notice when
/// it has died, by their own clocks. In rare races two instances make the same thumbnail, which is harmless.
/// </summary>
public sealed partial class VariantLeases(ThumbnailStores thumbnails, TimeProvider clock, ILogger<VariantLeases> logger)
{
    private const string ContentType = "text/plain";

    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Three renewals were missed.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(6.5);

    /// <returns>
    /// Dispose it to let the next one try; null if another instance has the lease. Where nothing can be written, each instance gets one.
    /// </returns>
    public async Task<IAsyncDisposable?> TryTakeAsync(VariantKey key, CancellationToken cancellationToken)
    {
        var place = thumbnails.PlaceForLease(key.Name);
        var holder = Guid.NewGuid().ToString("N");
        try
        {
            return await thumbnails.TryAddAsync(place, TextOf(holder, 0), cancellationToken) ? new Lease(this, place, holder) : null;
        }
        catch (ThumbnailStoreException fault)
        {
            LogNotWritten(fault.Message);

            return new NoLease();
        }
    }

    /// <summary>Observes the lease of another instance.</summary>
    public LeaseObserver Observe(VariantKey key) => new(this, thumbnails.PlaceForLease(key.Name), key.Name);

    private static byte[] TextOf(string holder, int renewal) => Encoding.ASCII.GetBytes($"{holder} {renewal}");

    private async Task<string?> FindTextAsync(SourceUri place, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await thumbnails.OpenWholeAsync(place, cancellationToken);
            using var reader = new StreamReader(stream);

            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (RefusedException released) when (released.Code == ErrorCode.SourceNotFound)
        {
            return null;
        }
    }

    /// <summary>What one instance has seen of a lease of another.</summary>
    public sealed class LeaseObserver(VariantLeases leases, SourceUri place, string name)
    {
        private string? _text;
        private long _seenAt;

        /// <summary>Removes the lease if it has not been renewed since this observer saw it first.</summary>
        public async Task RemoveIfAbandonedAsync(CancellationToken cancellationToken)
        {
            if (await leases.FindTextAsync(place, cancellationToken) is not { } text)
            {
                return;
            }

            if (text != _text)
            {
                (_text, _seenAt) = (text, leases.Clock.GetTimestamp());
            }
            else if (leases.Clock.GetElapsedTime(_seenAt) >= Lifetime)
            {
                leases.LogTakenOver(name);
                await leases.Thumbnails.RemoveCallersAsync(place, cancellationToken);
            }
        }
    }

    private sealed class NoLease : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Lease : IAsyncDisposable
    {
        private readonly VariantLeases _leases;
        private readonly SourceUri _place;
        private readonly CancellationTokenSource _ended = new();
        private readonly Task _renewal;

        public Lease(VariantLeases leases, SourceUri place, string holder)
        {
            (_leases, _place) = (leases, place);
            _renewal = RenewAsync(holder);
        }

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            await _renewal;
            _ended.Dispose();
            try
            {
                await _leases.Thumbnails.RemoveCallersAsync(_place, CancellationToken.None);
            }
            catch (Exception fault)
            {
                // The thumbnail is made. The file is taken for abandoned if it's needed again, and removed with expired thumbnails.
                _leases.LogNotWritten(fault.Message.Split('\n')[0]);
            }
        }

        private async Task RenewAsync(string holder)
        {
            try
            {
                for (var renewal = 1; ; renewal++)
                {
                    await Task.Delay(RenewalPeriod, _leases.Clock, _ended.Token);
                    await _leases.Thumbnails.PutAsync(_place, TextOf(holder, renewal), ContentType, _ended.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The lease is released.
            }
            catch (Exception fault)
            {
                // Another instance takes over, and makes the same thumbnail.
                _leases.LogNotWritten(fault.Message.Split('\n')[0]);
            }
        }
    }

    private TimeProvider Clock => clock;

    private ThumbnailStores Thumbnails => thumbnails;

    [LoggerMessage(
        7003,
        LogLevel.Warning,
        "The instance that made the thumbnail {Name} of an address has ended; making it here",
        EventName = "VariantLeasesTakenOver")]
    private partial void LogTakenOver(string name);

    [LoggerMessage(
        7004,
        LogLevel.Warning,
        "The lease of an address could not be written or removed: {Reason}",
        EventName = "VariantLeasesNotWritten")]
    private partial void LogNotWritten(string reason);
}
