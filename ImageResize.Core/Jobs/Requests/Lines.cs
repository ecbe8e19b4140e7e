using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>A line of a stream, and the byte behind it, where reading can go on another time.</summary>
public readonly record struct Line(ReadOnlyMemory<byte> Text, long End);

/// <summary>Reads a stream line by line (NDJSON), empty ones left out, with one line in memory at a time.</summary>
public static class Lines
{
    /// <summary>A longer line is cut: what is left of it can no longer be an item.</summary>
    public const int Longest = 32 * 1024;

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
            while (!isEnd)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var left = read.Buffer;
                isEnd = read.IsCompleted;
                while (Find(left, isEnd) is { } length)
                {
                    var text = left.Slice(0, Math.Min(length, Longest)).ToArray().AsMemory().Trim("\r\n\t "u8);
                    offset += length;
                    left = left.Slice(length);
                    if (text.Length > 0)
                    {
                        yield return new Line(text, offset);
                    }
                }

                reader.AdvanceTo(left.Start, left.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <returns>The length of the first line, its end included; null when more must be read.</returns>
    private static long? Find(ReadOnlySequence<byte> left, bool isEnd)
    {
        if (left.PositionOf((byte)'\n') is { } end)
        {
            return left.Slice(0, left.GetPosition(1, end)).Length;
        }

        return left.Length > Longest || (isEnd && left.Length > 0) ? left.Length : null;
    }
}
