namespace ImageResize.Functions.Http.Problems;

/// <summary>The header <c>WWW-Authenticate</c> of answers with 401: how to send a key or a token.</summary>
internal sealed class AuthenticationChallenge(bool acceptsTokens)
{
    private const string Keys = "Key realm=\"ImageResize\"";

    public string Text { get; } = acceptsTokens ? $"{Keys}, Bearer realm=\"ImageResize\"" : Keys;
}
