using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Quotas;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Makes thumbnails of addresses as direct requests are made, within the same limits. A page of images asks for many at once, so requests
/// wait for their turn here instead of being refused. Together they take the places of one caller.
/// Their bytes count toward the signer's daily limit.
/// </summary>
public sealed class VariantWork(
    DirectRequestLimit requestLimit, DirectWork work, DailyBytes bytes, IOptions<DirectOptions> options) : IDisposable
{
    /// <summary>No caller can have this name.</summary>
    private const string Place = ":addresses";

    private readonly SemaphoreSlim _turns = new(options.Value.MaxRequestsPerCaller);

    /// <summary>From the request to the thumbnail.</summary>
    public TimeSpan Timeout { get; } = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);

    /// <exception cref="Errors.RefusedException">The source or the image is refused, or the service works on too many requests.</exception>
    public async Task<Thumbnail> MakeAsync(VariantKey key, string? caller, CancellationToken cancellationToken)
    {
        bytes.EnsureRoom(caller);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            using var place = requestLimit.Enter(Place);
            var made = (await work.MakeThumbnailAsync(key.Source, body: null, key.Spec, caller, cancellationToken)).Thumbnail;
            bytes.Add(caller, made.Bytes.Length);

            return made;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
