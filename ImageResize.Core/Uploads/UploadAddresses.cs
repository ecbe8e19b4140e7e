using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>Creates addresses to which callers send uploads directly to storage, past limits of this program's host.</summary>
internal sealed class UploadAddresses(
    IPendingUploadStore pending, IdGenerator ids, DailyBytes bytes, IOptions<UploadOptions> options)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The clock of storage may be behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public int MaxBytes => options.Value.MaxBytes;

    /// <param name="length">The size of the upload in bytes; null if it is not known.</param>
    /// <exception cref="RefusedException">
    /// The upload is too large, the caller may not store more today, or addresses can't be signed.
    /// </exception>
    public async Task<(UploadId Id, UploadAddress Address, DateTimeOffset ExpiresAt)> CreateAsync(
        string? name, long? length, CancellationToken cancellationToken)
    {
        if (length > MaxBytes)
        {
            throw new RefusedException(ErrorCode.SourceTooLarge, $"The upload is larger than {MaxBytes} bytes.");
        }

        bytes.EnsureRoom(CurrentCaller.Name);
        var id = ids.NewUpload();
        var address = await pending.CreateAddressAsync(id, ImageName.Clean(name), Lifetime, cancellationToken);

        return (id, address, id.UploadedAt + Lifetime);
    }

    /// <summary>
    /// Whether something can still be sent to the address of an upload, if it has one. False for an id of the future, which a caller can
    /// make up.
    /// </summary>
    public static bool IsValid(UploadId id, TimeProvider clock) =>
        clock.GetUtcNow() - id.UploadedAt is var age && age >= -ClockSkew && age < Lifetime + ClockSkew;
}
