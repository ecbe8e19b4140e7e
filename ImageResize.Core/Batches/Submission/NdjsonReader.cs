using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Batches.Submission;

/// <summary>A line of a stream.</summary>
/// <param name="End">The byte after the line, where reading can continue later.</param>
/// <param name="Number">Counted from 1 at the start of the stream; empty lines count, as they do in an editor.</param>
public readonly record struct Line(ReadOnlyMemory<byte> Text, long End, int Number);

/// <summary>Reads a stream of newline-delimited JSON line by line without empty lines. Only one line is in memory at a time.</summary>
public static class NdjsonReader
{
    /// <summary>
    /// The limit of a line. A longer line is returned with one byte more than this, so that the caller can see that it is too long.
    /// </summary>
    public const int MaxLineBytes = 32 * 1024;

    private const int MaxLineBytesWithEnd = MaxLineBytes + 2;

    /// <param name="offset">The position of the stream in the whole file.</param>
    public static async IAsyncEnumerable<Line> ReadAsync(
        Stream stream,
        long offset,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            var isEnd = false;
            var number = 1;
            ReadOnlyMemory<byte>? begun = null;
            while (!isEnd)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                isEnd = read.IsCompleted;
                while (FindLength(buffer, isEnd) is { } length)
                {
                    begun ??= BeginningOf(buffer.Slice(0, length));
                    var isWhole = buffer.Slice(length - 1).FirstSpan[0] == '\n';
                    offset += length;
                    buffer = buffer.Slice(length);
                    if (isWhole)
                    {
                        if (begun is { Length: > 0 } text)
                        {
                            yield return new Line(text, offset, number);
                        }

                        begun = null;
                        number++;
                    }
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }

            if (begun is { Length: > 0 } last)
            {
                yield return new Line(last, offset, number);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Trims white space and the byte order mark that some editors write before the first line.</summary>
    private static ReadOnlyMemory<byte> BeginningOf(ReadOnlySequence<byte> line) => line.Length > MaxLineBytesWithEnd
        ? line.Slice(0, MaxLineBytes + 1).ToArray()
        : line.ToArray().AsMemory().Trim("\r\n\t \uFEFF"u8);

    /// <returns>The length of the first line with its end, or of a part of a line that is too long; null if more must be read.</returns>
    private static long? FindLength(ReadOnlySequence<byte> buffer, bool isEnd)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            return buffer.Slice(0, buffer.GetPosition(1, end)).Length;
        }

        return buffer.Length > MaxLineBytesWithEnd || (isEnd && buffer.Length > 0) ? buffer.Length : null;
    }
}
