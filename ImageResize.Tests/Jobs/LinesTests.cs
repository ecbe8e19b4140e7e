using System.Text;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Jobs;

/// <summary>A line is one item, whatever its length: what follows a line that is too long is the next one.</summary>
public sealed class LinesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Lines.Longest - 1)]
    [InlineData(Lines.Longest)]
    [InlineData(Lines.Longest + 1)]
    [InlineData(Lines.Longest + 2)]
    [InlineData(Lines.Longest + 3)]
    [InlineData(1_000_000)]
    public async Task A_line_is_kept_whole_or_seen_to_be_too_long(int length)
    {
        var kept = length <= Lines.Longest ? (length, length) : (Lines.Longest + 1, Lines.Longest + 2);
        foreach (var end in (string[])["", "\n", "\r\n"])
        {
            foreach (var next in (string[])["", "next", "next\n"])
            {
                var text = new string('x', length) + (next.Length > 0 && end.Length == 0 ? "\n" : end) + next;

                var lines = await Lines.ReadAsync(new ForwardStream(Encoding.ASCII.GetBytes(text)), offset: 0, Token).ToListAsync(Token);

                Assert.InRange(lines[0].Text.Length, kept.Item1, kept.Item2);
                Assert.Equal(next.Length > 0 ? ["next"] : [], lines.Skip(1).Select(line => Encoding.ASCII.GetString(line.Text.Span)));
                Assert.Equal(text.Length, lines[^1].End);
                Assert.Equal(lines.Count, lines[^1].Number);
                Assert.Equal(text.Length - next.Length, lines[0].End);
            }
        }
    }

    [Fact]
    public async Task Of_spaces_alone_there_is_no_line_and_behind_too_many_no_item()
    {
        var spaces = new string(' ', Lines.Longest);

        Assert.Empty(await Lines.ReadAsync(Stream($"{spaces}\n \r\n\n"), 0, Token).ToListAsync(Token));
        var line = Assert.Single(await Lines.ReadAsync(Stream($"{spaces}{spaces}{{}}\n"), 0, Token).ToListAsync(Token));
        Assert.Equal(Lines.Longest + 1, line.Text.Length);
        Assert.Equal(4, Assert.Single(await Lines.ReadAsync(Stream("\n \r\n\n{}"), 0, Token).ToListAsync(Token)).Number);
    }

    [Fact]
    public async Task The_mark_of_UTF8_before_the_first_line_is_none_of_it()
    {
        byte[] text = [.. Encoding.UTF8.Preamble, .. "{}\r\n{}"u8];

        Assert.Equal(["{}", "{}"], await Lines.ReadAsync(new ForwardStream(text), 0, Token).Select(line => Encoding.UTF8.GetString(line.Text.Span)).ToListAsync(Token));
    }

    private static ForwardStream Stream(string text) => new(Encoding.ASCII.GetBytes(text));
}
