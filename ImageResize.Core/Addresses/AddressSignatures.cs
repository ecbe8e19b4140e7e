using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Addresses;

/// <summary>
/// Decides who has signed an address: HMAC-SHA256 over <c>/t/OPTIONS/SOURCE</c> with the canonical options and the decoded source. Compares
/// with all keys in constant time, so that the duration reveals nothing about a signature. Texts are compared, because several texts decode
/// to the same bytes.
/// </summary>
public sealed class AddressSignatures(IOptions<AddressOptions> options)
{
    /// <summary>In place of a signature.</summary>
    public const string None = "unsigned";

    private readonly (byte[] Key, string Caller)[] _keys =
        [.. options.Value.Keys.Concat(options.Value.NextKeys).Select(key => (Encoding.ASCII.GetBytes(key.Value), key.Key))];

    /// <returns>The caller as whom the source is read; null if the address is unsigned and needs no signature.</returns>
    /// <exception cref="RefusedException">The signature is wrong or missing.</exception>
    public string? GetSigner(string signature, AddressParameters parameters, string source)
    {
        if (signature == None)
        {
            return parameters.OnlyPreset is { } preset && options.Value.AllowsUnsigned(preset)
                ? null
                : throw new RefusedException(ErrorCode.InvalidSignature, "This address needs a signature in place of 'unsigned'.");
        }

        return FindSigner(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes($"/t/{parameters.Canonical}/{source}"))
            ?? throw new RefusedException(ErrorCode.InvalidSignature, "The signature is not that of these options and this source.");
    }

    private string? FindSigner(byte[] signature, byte[] signed)
    {
        string? found = null;
        foreach (var (key, caller) in _keys)
        {
            var expected = Base64Url.EncodeToUtf8(HMACSHA256.HashData(key, signed));
            found = CryptographicOperations.FixedTimeEquals(expected, signature) ? caller : found;
        }

        return found;
    }
}
