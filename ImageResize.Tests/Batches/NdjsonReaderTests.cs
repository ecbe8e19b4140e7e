using System.Text;
using ImageResize.Core.Batches.Submission;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Batches;

/// <summary>A line is one item, whatever its length. After a line that is too long, the next line is read.</summary>
public sealed class NdjsonReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NdjsonReader.MaxLineBytes - 1)]
    [InlineData(NdjsonReader.MaxLineBytes)]
    [InlineData(NdjsonReader.MaxLineBytes + 1)]
    [InlineData(NdjsonReader.MaxLineBytes + 2)]
    [InlineData(NdjsonReader.MaxLineBytes + 3)]
    [InlineData(1_000_000)]
    public async Task A_line_is_returned_whole_or_recognizably_too_long(int length)
    {
        var kept = length <= NdjsonReader.MaxLineBytes ? (length, length) : (NdjsonReader.MaxLineBytes + 1, NdjsonReader.MaxLineBytes + 2);
        foreach (var end in (string[])["", "\n", "\r\n"])
        {
            foreach (var next in (string[])["", "next", "next\n"])
            {
                var text = new string('x', length) + (next.Length > 0 && end.Length == 0 ? "\n" : end) + next;

                var lines = await NdjsonReader.ReadAsync(Stream(text), offset: 0, Token).ToListAsync(Token);

                Assert.InRange(lines[0].Text.Length, kept.Item1, kept.Item2);
                Assert.Equal(next.Length > 0 ? ["next"] : [], lines.Skip(1).Select(line => Encoding.ASCII.GetString(line.Text.Span)));
                Assert.Equal(text.Length, lines[^1].End);
                Assert.Equal(lines.Count, lines[^1].Number);
                Assert.Equal(text.Length - next.Length, lines[0].End);
            }
        }
    }

    [Fact]
    public async Task Lines_of_white_space_are_skipped_and_count_as_lines()
    {
        var spaces = new string(' ', NdjsonReader.MaxLineBytes);

        Assert.Empty(await NdjsonReader.ReadAsync(Stream($"{spaces}\n \r\n\n"), 0, Token).ToListAsync(Token));
        var line = Assert.Single(await NdjsonReader.ReadAsync(Stream($"{spaces}{spaces}{{}}\n"), 0, Token).ToListAsync(Token));
        Assert.Equal(NdjsonReader.MaxLineBytes + 1, line.Text.Length);
        Assert.Equal(4, Assert.Single(await NdjsonReader.ReadAsync(Stream("\n \r\n\n{}"), 0, Token).ToListAsync(Token)).Number);
    }

    [Fact]
    public async Task The_byte_order_mark_is_not_part_of_the_first_line()
    {
        byte[] text = [.. Encoding.UTF8.Preamble, .. "{}\r\n{}"u8];

        var lines = await NdjsonReader.ReadAsync(new ForwardStream(text), 0, Token).ToListAsync(Token);

        Assert.Equal(["{}", "{}"], lines.Select(line => Encoding.UTF8.GetString(line.Text.Span)));
    }

    private static ForwardStream Stream(string text) => new(Encoding.ASCII.GetBytes(text));
}
