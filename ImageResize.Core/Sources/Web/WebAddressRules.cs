using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Core.Sources.Web;

/// <summary>Which web addresses are sources: public ones, within the settings. Redirects pass through here too.</summary>
internal sealed class WebAddressRules(WebSourceOptions options, IAddressPolicy policy)
{
    private readonly PublicAddressRules _publicOnes = new(policy);

    /// <returns>The address in its one spelling, without a fragment.</returns>
    /// <exception cref="RefusedException">Not a web address that we would ever fetch.</exception>
    public Uri Read(string text)
    {
        if (!options.Enabled)
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "Web addresses are switched off here.");
        }

        var address = _publicOnes.Read(text);

        return options.AllowsHost(address.IdnHost)
            ? address
            : throw new RefusedException(
                ErrorCode.SourceNotAllowed,
                $"The host '{address.IdnHost}' is not among those allowed here.");
    }

    /// <exception cref="RefusedException">The redirect leads to where we do not go.</exception>
    public Uri Follow(Uri from, string location)
    {
        try
        {
            PublicAddressRules.CheckCharacters(location);

            if (!Uri.TryCreate(from, location, out var next))
            {
                throw PublicAddressRules.Invalid("It is no address.");
            }

            if (from.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
            {
                throw new RefusedException(ErrorCode.SourceNotAllowed, "It leads from https to http.");
            }

            return Read(next.OriginalString);
        }
        catch (RefusedException refusal)
        {
            throw new RefusedException(refusal.Code, $"The web address redirects to one that is refused. {refusal.Message}");
        }
    }
}
