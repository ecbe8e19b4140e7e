using ImageResize.Core.Addresses;
using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Addresses;

/// <summary>Spelling and signatures of addresses.</summary>
public sealed class AddressReaderTests
{
    private static readonly AddressSignatures Signatures = new(Options.Create(new AddressOptions
    {
        Keys = { ["shop"] = AddressVectors.Key },
    }));

    [Fact]
    public void The_published_vectors_are_accepted_in_any_order_of_options()
    {
        Assert.All(AddressVectors.All, vector =>
        {
            var parts = vector.Parts;
            var reversed = AddressParameters.Parse(string.Join(',', parts[1].ToUpperInvariant().Split(',').Reverse()));

            Assert.Equal(vector.Source, AddressSource.Decode(parts[2]));
            Assert.Equal(parts[2], AddressSource.Encode(vector.Source));
            Assert.Equal(parts[1], reversed.Canonical);
            Assert.Equal(vector.Expires, reversed.ExpiresAt?.ToUnixTimeSeconds());
            Assert.Equal("shop", Signatures.GetSigner(parts[0], reversed, vector.Source));
        });
    }

    [Fact]
    public void No_other_signature_options_or_source_is_accepted()
    {
        var vectors = AddressVectors.All;
        var pairs = vectors.SelectMany(one => vectors.Where(other => other.Signed != one.Signed), (one, other) => (one, other));
        Assert.All(pairs, pair => Refuses(pair.one.Parts[0], pair.other.Parts[1], pair.other.Source));

        var (signature, options, source) = (vectors[1].Parts[0], vectors[1].Parts[1], vectors[1].Source);
        Refuses("", options, source);
        Refuses("unsigned", options, source);
        Refuses("unsigned", "card", source);
        Refuses(signature + "=", options, source);
        Refuses(signature[..^1], options, source);

        // The last character has two bits that base64 decoders ignore.
        Refuses(signature[..^1] + (char)(signature[^1] + 1), options, source);
        Refuses(signature, options, source + "/");
        Refuses(signature, options, source.ToUpperInvariant());
        Refuses(signature, options[..options.LastIndexOf(',')], source);
        Refuses(signature, options + ",e_4102444800", source);
        Refuses(vectors[3].Parts[0], "card", source);
        Refuses(vectors[3].Parts[0], "card,e_4102444801", source);

        static void Refuses(string signature, string options, string source)
        {
            var refusal = Assert.Throws<RefusedException>(
                () => Signatures.GetSigner(signature, AddressParameters.Parse(options), source));
            Assert.Equal(ErrorCode.InvalidSignature, refusal.Code);
        }
    }

    [Fact]
    public void Keys_of_several_callers_and_the_next_ones_are_accepted()
    {
        var options = new AddressOptions
        {
            Keys = { ["printer"] = new string('p', 32), ["shop"] = new string('s', 32) },
            NextKeys = { ["shop"] = AddressVectors.Key },
        };
        var vector = AddressVectors.All[0];

        var signer = new AddressSignatures(Options.Create(options))
            .GetSigner(vector.Parts[0], AddressParameters.Parse(vector.Parts[1]), vector.Source);

        Assert.Equal("shop", signer);
    }

    [Theory]
    [InlineData("", "empty part")]
    [InlineData("w_300,", "empty part")]
    [InlineData("h_200,c_cover", "cover and fill need both")]
    [InlineData("w_0", "from 1 to 4096")]
    [InlineData("w_5000", "from 1 to 4096")]
    [InlineData("w_0300", "w_0300")]
    [InlineData("w_+300", "w_+300")]
    [InlineData("w_300,w_200", "twice")]
    [InlineData("w_300,z_1", "z_, which is unknown")]
    [InlineData("w_300,c_1", "c_1")]
    [InlineData("w_300,f_heic", "f_heic")]
    [InlineData("w_300,b_red", "colour")]
    [InlineData("w_300,m_gps", "m_gps")]
    [InlineData("w_300,e_", "e_")]
    [InlineData("w_300,e_999999999999", "e_999999999999")]
    [InlineData("w_300,card", "Leave out the others")]
    [InlineData("card,list", "Leave out the others")]
    [InlineData("größe", "no name of a preset")]
    public void Other_options_are_refused_with_a_reason(string options, string reason)
    {
        var refusal = Assert.Throws<RefusedException>(() => AddressParameters.Parse(options));

        Assert.Equal(ErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("~")]
    [InlineData("~a")]
    [InlineData("~YQ==x")]
    [InlineData("~_w")]
    public void A_source_that_is_not_base64url_of_text_is_refused(string? part) =>
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<RefusedException>(() => AddressSource.Decode(part)).Code);
}
