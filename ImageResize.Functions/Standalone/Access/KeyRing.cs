using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Access;

/// <summary>Knows callers by their keys. How long it looks tells nothing of a key: hashes are compared, all of them, to their last byte.</summary>
internal sealed class KeyRing(IOptions<AccessOptions> options)
{
    private readonly (byte[] Hash, ClaimsPrincipal Caller)[] _keys = [.. CallersOf(options.Value)];

    public ClaimsPrincipal? FindCaller(string key)
    {
        var hash = HashOf(key);
        ClaimsPrincipal? found = null;
        foreach (var (known, caller) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? caller : found;
        }

        return found;
    }

    private static IEnumerable<(byte[], ClaimsPrincipal)> CallersOf(AccessOptions access)
    {
        foreach (var (name, key) in access.Keys)
        {
            yield return (HashOf(key), Caller.Of(name, Caller.Api));
        }

        if (access.AdminKey.Length > 0)
        {
            yield return (HashOf(access.AdminKey), Caller.Of("admin", Caller.Admin));
        }
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
