using ImageResize.Core.Imaging.Formats.Avif;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Tests.Imaging.Formats.Avif;

/// <summary>Sequence headers written bit by bit, in the order of section 5.5 of the AV1 specification.</summary>
public sealed class Av1SequenceHeaderTests
{
    private const string Size = "0011 0011 1111 1111";
    private const string Tools = "000";
    private const string Filters = "000";
    private const string Level = "000000000000 00101";
    private const string P3Linear = "1 00001100 00001000 00000000";

    private static readonly DeclaredColours Expected = DeclaredColours.FromCicp(12, 8);

    [Theory]
    [InlineData("000 1 1 00101 " + Size + Tools + Filters + "0 0")]
    [InlineData("010 1 1 00101 " + Size + Tools + Filters + "1 1 0")] // 12 bits
    [InlineData("001 1 1 00101 " + Size + Tools + Filters + "0")] // no monochrome in this profile
    [InlineData("000 0 0 0 0 00000 000000000000 00101 " + Size + "0" + Tools + "0000 0 1 1" + Filters + "0 0")]
    [InlineData("000 0 0 0 0 00000 000000000000 01000 1 " + Size + "1 0000 000" + Tools + "0000 1 00 0 0 000" + Filters + "0 0")]
    [InlineData("000 0 0 0 1 00001 " + Level + "1 0000" + Level + "0" + Size + "0" + Tools + "0000 0 0 1 0 1" + Filters + "0 0")]
    public void Colours_are_found_behind_all_that_can_precede_them(string start)
    {
        Assert.Equal(Expected, Av1SequenceHeader.FindColours(Unit(start + P3Linear)));
    }

    [Fact]
    public void Timing_is_skipped()
    {
        var tick = new string('1', 64);
        var clock = "00011" + new string('1', 42);
        var timing = $"1 {tick} 1 00100 1 {clock}";
        var header = $"000 0 0 {timing} 0 00000 {Level} 1 1111 0000 1 {Size} 0 {Tools} 0000 0 1 1 {Filters} 0 0";

        Assert.Equal(Expected, Av1SequenceHeader.FindColours(Unit(header + P3Linear)));
    }

    [Fact]
    public void A_delimiter_before_the_header_is_skipped()
    {
        byte[] data = [0x12, 0, .. Unit("000 1 1 00101 " + Size + Tools + Filters + "0 0" + P3Linear)];

        Assert.Equal(Expected, Av1SequenceHeader.FindColours(data));
    }

    [Fact]
    public void A_header_without_a_description_says_nothing()
    {
        Assert.Null(Av1SequenceHeader.FindColours(Unit("000 1 1 00101 " + Size + Tools + Filters + "0 0 0")));
    }

    [Fact]
    public void Data_cut_anywhere_or_random_is_read_without_harm()
    {
        var whole = Unit("000 1 1 00101 " + Size + Tools + Filters + "0 0" + P3Linear);
        var random = new Random(9);

        Assert.All(Enumerable.Range(0, whole.Length - 1), length => Assert.Null(Av1SequenceHeader.FindColours(whole.AsSpan(0, length))));
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            Assert.Null(Record.Exception(() => Av1SequenceHeader.FindColours(bytes)));
        }
    }

    /// <summary>A unit with its type and length.</summary>
    private static byte[] Unit(string bits)
    {
        var digits = bits.Replace(" ", "", StringComparison.Ordinal);
        var padded = digits.PadRight((digits.Length + 7) / 8 * 8, '0');
        byte[] content = [.. padded.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];

        return [0x0A, (byte)content.Length, .. content];
    }
}
