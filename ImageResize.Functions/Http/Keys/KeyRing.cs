using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Keys;

/// <summary>
/// Finds callers by their keys. Compares the hashes of all keys in constant time, so that the duration reveals nothing about a key.
/// </summary>
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
        foreach (var (name, key) in access.Keys.Concat(access.NextKeys))
        {
            yield return (HashOf(key), Caller.Create(name, Caller.Read, Caller.Submit));
        }

        foreach (var (name, key) in access.ReadKeys)
        {
            yield return (HashOf(key), Caller.Create(name, Caller.Read));
        }

        if (access.AdminKey.Length > 0)
        {
            yield return (HashOf(access.AdminKey), Caller.Create("admin", Caller.Admin));
        }
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
