using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Watches.Seen;

/// <summary>Identifies a version of an image: 128 bits of the SHA-256 of its source and its version.</summary>
internal static class ImageHash
{
    /// <summary>An ETag is written with quotes in some listings and events, and without in others.</summary>
    public static UInt128 Of(ListedImage image) => BinaryPrimitives.ReadUInt128BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Source.Unredacted}\n{image.Version.Trim('"')}")));
}
