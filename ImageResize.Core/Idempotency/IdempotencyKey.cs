using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Idempotency;

/// <summary>A caller's key, hashed with the caller's name: the keys of two callers never meet, and their text is stored nowhere.</summary>
public readonly record struct IdempotencyKey
{
    private readonly string _hash;

    private IdempotencyKey(string hash) => _hash = hash;

    public static IdempotencyKey Of(string caller, string text) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Length}:{caller}{text}"))));

    /// <summary>64 hexadecimal digits, small.</summary>
    public override string ToString() => _hash;
}
