using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Idempotency;

/// <summary>A hash of an idempotency key and its caller. Keys are scoped to the caller, and their text is not stored.</summary>
public readonly record struct IdempotencyKey
{
    private readonly string _hash;

    private IdempotencyKey(string hash) => _hash = hash;

    public static IdempotencyKey Of(string caller, string text) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Length}:{caller}{text}"))));

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => _hash;
}
