using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>A line of a stream, and the byte behind it, where reading can go on another time.</summary>
/// <param name="Number">From 1 where reading began; empty lines count, as they do in an editor.</param>
public readonly record struct Line(ReadOnlyMemory<byte> Text, long End, int Number);

/// <summary>Reads a stream line by line (NDJSON), empty ones left out, with one line in memory at a time.</summary>
public static class Lines
{
    /// <summary>Of a longer line the beginning is kept, a byte more than this, so that it can be seen to be too long.</summary>
    public const int Longest = 32 * 1024;

    private const int LongestWithItsEnd = Longest + 2;

    /// <param name="offset">Where the stream begins in the whole.</param>
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
                var left = read.Buffer;
                isEnd = read.IsCompleted;
                while (Find(left, isEnd) is { } length)
                {
                    begun ??= BeginningOf(left.Slice(0, length));
                    var isWhole = left.Slice(length - 1).FirstSpan[0] == '\n';
                    offset += length;
                    left = left.Slice(length);
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

                reader.AdvanceTo(left.Start, left.End);
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

    /// <summary>Without what some editors put before the first line, the mark of UTF-8.</summary>
    private static ReadOnlyMemory<byte> BeginningOf(ReadOnlySequence<byte> line) => line.Length > LongestWithItsEnd
        ? line.Slice(0, Longest + 1).ToArray()
        : line.ToArray().AsMemory().Trim("\r\n\t \uFEFF"u8);

    /// <returns>The length of the first line, its end included, or of a part of one that is too long; null when more must be read.</returns>
    private static long? Find(ReadOnlySequence<byte> left, bool isEnd)
    {
        if (left.PositionOf((byte)'\n') is { } end)
        {
            return left.Slice(0, left.GetPosition(1, end)).Length;
        }

        return left.Length > LongestWithItsEnd || (isEnd && left.Length > 0) ? left.Length : null;
    }
}
