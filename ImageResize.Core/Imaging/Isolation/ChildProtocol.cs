using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// The messages between parent and child through the child's standard input and output: blocks of bytes, each after its length.
/// </summary>
internal static class ChildProtocol
{
    private const int PrefixLength = 4;
    private const int MaxJsonLength = 1 << 20;

    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var length = new byte[PrefixLength];
        BinaryPrimitives.WriteInt32LittleEndian(length, block.Length);
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(block, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public static Task WriteAsync<T>(Stream stream, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(stream, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="IOException">The other side violates the protocol, or ended within a block.</exception>
    public static async Task<byte[]?> TryReadAsync(Stream stream, int maxLength, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixLength];
        var read = await stream.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellationToken);
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
        await stream.ReadExactlyAsync(block, cancellationToken);

        return block;
    }

    public static async Task<byte[]> ReadAsync(Stream stream, int maxLength, CancellationToken cancellationToken) =>
        await TryReadAsync(stream, maxLength, cancellationToken) ?? throw new EndOfStreamException();

    public static async Task<T> ReadAsync<T>(Stream stream, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = await ReadAsync(stream, MaxJsonLength, cancellationToken);
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

/// <summary>The result for one image. The bytes of its thumbnails follow, one block each.</summary>
/// <param name="Refusal">The image is at fault.</param>
/// <param name="Fault">We are at fault.</param>
internal sealed record ChildResult(
    ImageSize? Size, IReadOnlyList<ChildThumbnail> Thumbnails, ChildRefusal? Refusal = null, string? Fault = null);

internal sealed record ChildThumbnail(ImageFormat Format, int Width, int Height, string? Note);

internal sealed record ChildRefusal(ErrorCode Code, string Message);

[JsonSerializable(typeof(ImagingOptions))]
[JsonSerializable(typeof(ImageWork))]
[JsonSerializable(typeof(ChildResult))]
internal sealed partial class ChildJson : JsonSerializerContext;
