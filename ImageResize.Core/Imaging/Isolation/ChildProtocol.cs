using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>What parent and child say to each other through the child's standard input and output: blocks of bytes, each behind its length.</summary>
internal static class ChildProtocol
{
    private const int LengthLength = 4;
    private const int LongestJson = 1 << 20;

    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var length = new byte[LengthLength];
        BinaryPrimitives.WriteInt32LittleEndian(length, block.Length);
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(block, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public static Task WriteAsync<T>(Stream stream, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(stream, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="IOException">The other side does not keep to the form, or ended within a block.</exception>
    public static async Task<byte[]?> FindAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var prefix = new byte[LengthLength];
        var read = await stream.ReadAtLeastAsync(prefix, LengthLength, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (read < LengthLength || length < 0 || length > most)
        {
            throw new IOException("The other side of a child's pipe does not keep to the form.");
        }

        var block = new byte[length];
        await stream.ReadExactlyAsync(block, cancellationToken);

        return block;
    }

    public static async Task<byte[]> ReadAsync(Stream stream, int most, CancellationToken cancellationToken) =>
        await FindAsync(stream, most, cancellationToken) ?? throw new EndOfStreamException();

    public static async Task<T> ReadAsync<T>(Stream stream, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = await ReadAsync(stream, LongestJson, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new IOException("A child's answer is empty.");
        }
        catch (JsonException malformed)
        {
            throw new IOException("A child's answer is none.", malformed);
        }
    }
}

/// <summary>What a child says of a picture; the bytes of its thumbnails follow, a block each.</summary>
/// <param name="Refusal">The picture is at fault.</param>
/// <param name="Fault">We are at fault.</param>
internal sealed record ChildAnswer(ImageSize? Size, IReadOnlyList<ChildThumbnail> Thumbnails, ChildRefusal? Refusal = null, string? Fault = null);

internal sealed record ChildThumbnail(ImageFormat Format, int Width, int Height);

internal sealed record ChildRefusal(ErrorCode Code, string Message);

[JsonSerializable(typeof(ImagingOptions))]
[JsonSerializable(typeof(ImageWork))]
[JsonSerializable(typeof(ChildAnswer))]
internal sealed partial class ChildJson : JsonSerializerContext;
