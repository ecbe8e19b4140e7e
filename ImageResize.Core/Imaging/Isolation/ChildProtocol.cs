using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// The messages between parent and child through the child's standard input and output: blocks of bytes, each after its length. Both
/// sides block: each has a thread that has nothing else to do.
/// </summary>
internal static class ChildProtocol
{
    private const int PrefixLength = 4;
    private const int MaxJsonLength = 1 << 20;

    /// <summary>Longer blocks are not copied to be written together with their length.</summary>
    private const int MaxJoined = 64 * 1024;

    public static void Write(Stream stream, ReadOnlySpan<byte> block)
    {
        // A small block is written at once, because each write wakes the other side.
        var isJoined = block.Length <= MaxJoined;
        var start = new byte[PrefixLength + (isJoined ? block.Length : 0)];
        BinaryPrimitives.WriteInt32LittleEndian(start, block.Length);
        if (isJoined)
        {
            block.CopyTo(start.AsSpan(PrefixLength));
        }

        stream.Write(start);
        if (!isJoined)
        {
            stream.Write(block);
        }

        stream.Flush();
    }

    public static void Write<T>(Stream stream, T value, JsonTypeInfo<T> type) =>
        Write(stream, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="IOException">The other side violates the protocol, or ended within a block.</exception>
    public static byte[]? TryRead(Stream stream, int maxLength)
    {
        var prefix = new byte[PrefixLength];
        var read = stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (read < PrefixLength || length < 0 || length > maxLength)
        {
            throw new IOException("A block of a child process's pipe has an invalid length.");
        }

        var block = new byte[length];
        stream.ReadExactly(block);

        return block;
    }

    public static byte[] Read(Stream stream, int maxLength) => TryRead(stream, maxLength) ?? throw new EndOfStreamException();

    public static T Read<T>(Stream stream, JsonTypeInfo<T> type) => TryRead(stream, type) ?? throw new EndOfStreamException();

    /// <returns>Null at the end of the stream.</returns>
    public static T? TryRead<T>(Stream stream, JsonTypeInfo<T> type)
    {
        if (TryRead(stream, MaxJsonLength) is not { } json)
        {
            return default;
        }

        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new IOException("A child process's message is empty.");
        }
        catch (JsonException malformed)
        {
            throw new IOException("A child process's message is not valid JSON.", malformed);
        }
    }
}

/// <param name="SharedLength">The length of the source in shared memory. Null if the source follows in a block.</param>
internal sealed record ChildRequest(ImageWork Work, int? SharedLength);

/// <summary>The result for one image. The bytes of its thumbnails follow, one block each.</summary>
/// <param name="Refusal">The image is at fault.</param>
/// <param name="Fault">We are at fault.</param>
internal sealed record ChildResult(
    ImageSize? Size, IReadOnlyList<ChildThumbnail> Thumbnails, ChildRefusal? Refusal = null, string? Fault = null);

internal sealed record ChildThumbnail(ImageFormat Format, int Width, int Height, string? Note);

internal sealed record ChildRefusal(ErrorCode Code, string Message);

[JsonSerializable(typeof(ImagingOptions))]
[JsonSerializable(typeof(ChildRequest))]
[JsonSerializable(typeof(ChildResult))]
internal sealed partial class ChildJson : JsonSerializerContext;
