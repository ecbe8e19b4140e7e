using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Core.Sources.Web;

/// <summary>Checks that a web address is public and allowed by the settings. Applies to redirects too.</summary>
internal sealed class WebAddressRules(WebSourceOptions options, IAddressPolicy policy)
{
    private readonly PublicAddressRules _publicRules = new(policy);

    /// <returns>The normalized address, without a fragment.</returns>
    /// <exception cref="RefusedException">The address is malformed, not public or not allowed.</exception>
    public Uri Read(string text)
    {
        if (!options.Enabled)
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "Web addresses are switched off.");
        }

        var address = _publicRules.Read(text);

        return options.AllowsHost(address.IdnHost)
            ? address
            : throw new RefusedException(
                ErrorCode.SourceNotAllowed,
                $"The host '{address.IdnHost}' is not allowed.");
    }

    /// <exception cref="RefusedException">The target of the redirect is not allowed.</exception>
    public Uri Follow(Uri from, string location)
    {
        try
        {
            PublicAddressRules.CheckCharacters(location);

            if (!Uri.TryCreate(from, location, out var next))
            {
                throw PublicAddressRules.Invalid("It is not a valid address.");
            }

            if (from.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
            {
                throw new RefusedException(ErrorCode.SourceNotAllowed, "It leads from https to http.");
            }

            return Read(next.OriginalString);
        }
        catch (RefusedException refusal)
        {
            throw new RefusedException(refusal.Code, $"The web address redirects to an address that is refused. {refusal.Message}");
        }
    }
}
