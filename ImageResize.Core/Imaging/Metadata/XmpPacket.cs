using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>The rights and the creator in an XMP packet, and a packet of these two alone.</summary>
internal static class XmpPacket
{
    private const int LongestPacket = 1_000_000;

    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace Meta = "adobe:ns:meta/";

    public static Copyright Find(byte[] packet)
    {
        // No DTDs, entities or external resources, because the packet is untrusted.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LongestPacket,
        };
        try
        {
            // A packet is padded, often with zeros.
            var length = packet.AsSpan().TrimEnd((byte)0).Length;
            using var reader = XmlReader.Create(new MemoryStream(packet, 0, length, writable: false), settings);
            var document = XDocument.Load(reader);
            return new Copyright(FindText(document, Dc + "rights"), FindText(document, Dc + "creator"));
        }
        catch (XmlException)
        {
            return new Copyright(null, null);
        }
    }

    public static byte[] Write(Copyright copyright)
    {
        var description = new XElement(Rdf + "Description", new XAttribute(Rdf + "about", ""));
        if (copyright.Notice is { } notice)
        {
            var item = new XElement(Rdf + "li", new XAttribute(XNamespace.Xml + "lang", "x-default"), Writable(notice));
            description.Add(new XElement(Dc + "rights", new XElement(Rdf + "Alt", item)));
        }

        if (copyright.Author is { } author)
        {
            description.Add(new XElement(Dc + "creator", new XElement(Rdf + "Seq", new XElement(Rdf + "li", Writable(author)))));
        }

        var packet = new XElement(
            Meta + "xmpmeta",
            new XAttribute(XNamespace.Xmlns + "x", Meta),
            new XElement(
                Rdf + "RDF",
                new XAttribute(XNamespace.Xmlns + "rdf", Rdf),
                new XAttribute(XNamespace.Xmlns + "dc", Dc),
                description));

        return Encoding.UTF8.GetBytes(packet.ToString(SaveOptions.DisableFormatting));
    }

    private static string? FindText(XDocument document, XName name)
    {
        var element = document.Descendants(name).FirstOrDefault();
        if (element is null)
        {
            return document.Descendants().Attributes(name).FirstOrDefault()?.Value;
        }

        var items = element.Descendants(Rdf + "li").Select(item => item.Value.Trim()).Where(text => text.Length > 0).Distinct().ToList();
        return items.Count > 0 ? string.Join(", ", items) : element.Value.Trim() is { Length: > 0 } text ? text : null;
    }

    private static string Writable(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
