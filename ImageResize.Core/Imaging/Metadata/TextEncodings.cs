using System.Text;
using System.Text.Unicode;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>Decodes texts of metadata. Programs write them in the character set of their country, often without saying so.</summary>
internal static class TextEncodings
{
    private const int WindowsLatin1 = 1252;

    /// <summary>As UTF-8 if the bytes are valid, else as Latin-1 with the additions of Windows.</summary>
    public static string Decode(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : DecodePage(text, WindowsLatin1);

    /// <summary>In the character set that IPTC's record 1:90 declares by an escape sequence (ISO 2022).</summary>
    public static string Decode(ReadOnlySpan<byte> text, ReadOnlySpan<byte> escape) => escape switch
    {
        // The 96 characters of a part of ISO 8859.
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'A'] => DecodePage(text, WindowsLatin1),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'B'] => DecodePage(text, 28592),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'C'] => DecodePage(text, 28593),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'D'] => DecodePage(text, 28594),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'F'] => DecodePage(text, 28597),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'G'] => DecodePage(text, 28596),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'H'] => DecodePage(text, 28598),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'L'] => DecodePage(text, 28595),
        [0x1B, (byte)'-' or (byte)'.' or (byte)'/', (byte)'M'] => DecodePage(text, 28599),
        _ => Decode(text),
    };

    private static string DecodePage(ReadOnlySpan<byte> text, int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page)!.GetString(text);
}
