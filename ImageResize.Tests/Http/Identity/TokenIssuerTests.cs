using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Http.Identity;

/// <summary>The issuer changes its keys, or does not answer.</summary>
public sealed class TokenIssuerTests : IAsyncDisposable
{
    private const string Ada = "principal:ada";
    private const string Unavailable =
        "issuer_unavailable: The token can't be checked, because its issuer does not answer. Try again later.";
    private const string UnknownKey = "unauthorized: The token is signed with a key that its issuer does not publish.";

    private readonly TokenRig _rig = new();

    private TestIssuer Issuer => _rig.Issuer;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_new_key_is_accepted_at_its_first_token_and_the_old_one_until_it_is_withdrawn()
    {
        var (old, first) = (Issuer.Key, Issuer.Sign("ada"));
        Assert.Equal(Ada, await _rig.AnswerAsync(first));

        var next = Issuer.SignWith(TestIssuer.NewKey("next"));
        Issuer.Publish(old, next);
        Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
        Assert.Equal(Ada, await _rig.AnswerAsync(first));

        Issuer.Publish(next);
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        await Eventually.Async(async () => await _rig.AnswerAsync(first) == UnknownKey);
        Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_do_not_cause_many_requests_to_the_issuer()
    {
        Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
        var before = Issuer.Requests;

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(UnknownKey, await _rig.AnswerAsync(Issuer.Sign(_ => { }, TestIssuer.NewKey($"unknown-{i}"))));
        }

        // The discovery document and the keys.
        Assert.Equal(2, Issuer.Requests - before);
    }

    [Fact]
    public async Task A_token_is_refused_as_unchecked_while_the_issuer_has_never_answered()
    {
        Issuer.Stop();

        Assert.Equal(Unavailable, await _rig.AnswerAsync(Issuer.Sign("ada")));
        var tried = Issuer.Requests;
        Assert.Equal(Unavailable, await _rig.AnswerAsync(Issuer.Sign("ada")));
        Assert.Equal(tried, Issuer.Requests);
        Assert.Single(_rig.Log.Lines, line => line.Contains("can't be read", StringComparison.Ordinal));

        Issuer.Publish(Issuer.Key);
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
    }

    [Fact]
    public async Task Known_keys_stay_valid_while_the_issuer_does_not_answer()
    {
        Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
        Issuer.Stop();

        for (var hour = 0; hour < 3; hour++)
        {
            _rig.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(Ada, await _rig.AnswerAsync(Issuer.Sign("ada")));
        }

        Assert.Equal(UnknownKey, await _rig.AnswerAsync(Issuer.Sign(_ => { }, TestIssuer.NewKey("next"))));
    }

    [Fact]
    public async Task Many_first_tokens_read_the_keys_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _rig.AnswerAsync(Issuer.Sign("ada"))));

        Assert.All(answers, answer => Assert.Equal(Ada, answer));
        Assert.Equal(2, Issuer.Requests);
    }

    /// <summary>Health must answer at once.</summary>
    [Fact]
    public async Task A_request_that_needs_no_caller_does_not_wait_for_the_issuer()
    {
        Assert.Null(await _rig.ReadAsync(Issuer.Sign("ada"), isRequired: false));
        Assert.Equal(0, Issuer.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{ "issuer": "https://issuer.example", "jwks_uri": "http://127.0.0.1:1/keys" }""")]
    public async Task A_document_that_describes_no_issuer_is_a_fault(string document)
    {
        Issuer.AnswerDiscovery(document);

        Assert.Equal(Unavailable, await _rig.AnswerAsync(Issuer.Sign("ada")));
    }
}
