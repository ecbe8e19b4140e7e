using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Core.Identifiers;

/// <summary>
/// The caller that created a batch or an upload, as a part of its id, so that no read is needed to refuse another caller. 32 bits of the
/// SHA-256 of the caller's name: the names come from the settings, are hashes of keys or are ids that an identity provider assigns, so a
/// caller can't choose one that collides.
/// </summary>
public readonly record struct OwnerTag(uint Value)
{
    /// <param name="caller">Null for a developer without a key.</param>
    public static OwnerTag Of(string? caller) =>
        caller is null ? default : new(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(caller))));

    public override string ToString() => $"{Value:x8}";
}
