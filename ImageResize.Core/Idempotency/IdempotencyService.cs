using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Idempotency;

/// <summary>Processes the first request with a key; all later ones get its response for a day.</summary>
public sealed partial class IdempotencyService(IIdempotencyStore keys, TimeProvider clock, ILogger<IdempotencyService> logger)
{
    /// <summary>How long responses are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>How long the key of a request stays reserved after its process has ended. A running request renews its lease.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>How long a request waits for the response of an earlier one.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Short, because the caller waits, and often while storage is unavailable. The lease frees the key anyway.</summary>
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewalInterval = Lease / 3;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Returns the stored response, or processes the request and stores its response. If processing throws, or the response must not be
    /// stored, the key is free again.
    /// </summary>
    /// <returns>Null if an earlier request is still being processed after <see cref="WaitTimeout"/>.</returns>
    public async Task<StoredResponse?> GetOrProcessAsync(
        IdempotencyKey key,
        Func<Task<StoredResponse>> processAsync,
        CancellationToken cancellationToken)
    {
        var state = await WaitForStateAsync(key, cancellationToken);

        return state is { Response: null } ? await ProcessAsync(key, state, processAsync) : state?.Response;
    }

    public Task RemoveExpiredAsync(CancellationToken cancellationToken) => keys.RemoveOlderAsync(Retention, cancellationToken);

    /// <returns>A state with a response, one without that this request has reserved, or null after the timeout.</returns>
    private async Task<KeyState?> WaitForStateAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var state = await keys.TryAddAsync(key, new KeyState(), cancellationToken) ?? await TryReserveAsync(key, cancellationToken);
        for (var pause = ShortestPause; state is null && clock.GetElapsedTime(started) < WaitTimeout;)
        {
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            state = await TryReserveAsync(key, cancellationToken);
        }

        return state;
    }

    /// <returns>Null while another request holds the key.</returns>
    private async Task<KeyState?> TryReserveAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await keys.FindAsync(key, cancellationToken) switch
        {
            null => await keys.TryAddAsync(key, new KeyState(), cancellationToken),
            { } expired when expired.Age >= (expired.Response is null ? Lease : Retention) =>
                await keys.TryReplaceAsync(key, expired with { Response = null }, cancellationToken),
            { Response: not null } answered => answered,
            _ => null,
        };

    private async Task<StoredResponse> ProcessAsync(IdempotencyKey key, KeyState reserved, Func<Task<StoredResponse>> processAsync)
    {
        using var end = new CancellationTokenSource();
        var renewing = RenewAsync(key, reserved, end.Token);
        StoredResponse? response = null;
        try
        {
            return response = await processAsync();
        }
        finally
        {
            await end.CancelAsync();
            await EndAsync(key, await renewing, response);
        }
    }

    /// <summary>
    /// Renews the lease until the request is processed. A fault does not end it: the lease is long enough for two failed renewals.
    /// </summary>
    private async Task<KeyState> RenewAsync(IdempotencyKey key, KeyState reserved, CancellationToken end)
    {
        while (true)
        {
            await Task.Delay(RenewalInterval, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
            {
                return reserved;
            }

            try
            {
                reserved = await keys.TryReplaceAsync(key, reserved, CancellationToken.None) ?? reserved;
            }
            catch (Exception fault)
            {
                LogFault(key, fault.Message.Split('\n')[0]);
            }
        }
    }

    /// <summary>
    /// The request is processed, so its response is returned even after a fault here; a repeated request is then processed again.
    /// </summary>
    private async Task EndAsync(IdempotencyKey key, KeyState reserved, StoredResponse? response)
    {
        try
        {
            if (response?.Request is null)
            {
                using var timeout = new CancellationTokenSource(RemovalTimeout, clock);
                await keys.RemoveAsync(key, reserved, timeout.Token);
            }
            else
            {
                await keys.TryReplaceAsync(key, reserved with { Response = response }, CancellationToken.None);
            }
        }
        catch (Exception fault)
        {
            LogFault(key, fault.Message.Split('\n')[0]);
        }
    }

    [LoggerMessage(
        9001,
        LogLevel.Warning,
        "The idempotency key with the hash {Key} could not be stored: {Reason}",
        EventName = "IdempotencyServiceFault")]
    private partial void LogFault(IdempotencyKey key, string reason);
}
