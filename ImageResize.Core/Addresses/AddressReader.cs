using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Decides which thumbnail an address stands for. Its signature and its time are checked before anything of its source is.
/// </summary>
public sealed class AddressReader(
    AddressSignatures signatures,
    SourceReader sources,
    SourceVersions versions,
    IOptions<PresetOptions> presets,
    IOptions<ImagingOptions> imaging,
    TimeProvider clock)
{
    /// <exception cref="RefusedException">The address is malformed, not signed by a key of the settings, or has expired.</exception>
    public SignedAddress Read(string signature, string options, string? source)
    {
        var parameters = AddressParameters.Parse(options);
        var text = AddressSource.Decode(source);
        var signer = signatures.GetSigner(signature, parameters, text);

        return parameters.ExpiresAt <= clock.GetUtcNow()
            ? throw new RefusedException(ErrorCode.AddressExpired, $"The address was valid until {parameters.ExpiresAt:u}.")
            : new SignedAddress(signature, parameters, text, signer);
    }

    /// <summary>Finds the thumbnail of the current version of the source, as the signer of the address.</summary>
    /// <param name="accepted">The format for an address whose format is automatic; null for that of the source.</param>
    /// <exception cref="RefusedException">The source must not be read or is missing, or the preset does not exist.</exception>
    public async Task<VariantKey> GetKeyAsync(SignedAddress address, ImageFormat? accepted, CancellationToken cancellationToken)
    {
        CurrentCaller.Set(address.Signer);
        var source = sources.Normalize(address.Source);
        if (address.Signer is null && (source.IsRemote || source.Scheme == "upload"))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "Unsigned addresses are for files and blobs only.");
        }

        var spec = address.Parameters.GetThumbnail(presets.Value).ToAction().Spec;
        if (address.Parameters.IsAuto)
        {
            spec = spec with { Format = accepted };
        }

        return VariantKey.Of(source, await versions.GetAsync(source, cancellationToken), spec, imaging.Value);
    }
}

/// <param name="Source">As the address names it, decoded.</param>
/// <param name="Signer">The caller whose key has signed the address; null if it is unsigned.</param>
public sealed record SignedAddress(string Signature, AddressParameters Parameters, string Source, string? Signer)
{
    /// <summary>The only spelling of the path that is answered with a thumbnail.</summary>
    public string Path => $"/t/{Signature}/{Parameters.Canonical}/{AddressSource.Encode(Source)}";
}
