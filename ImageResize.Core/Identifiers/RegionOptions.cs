using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Identifiers;

/// <summary>
/// The service in several regions: results are stored in the region that received the request, and ids contain its number. Bound from
/// <c>ImageResize:Regions</c>; not needed for a single region.
/// </summary>
public sealed class RegionOptions : IValidatableObject
{
    private const int Highest = 15;

    /// <summary>The number of this region; part of every id created here.</summary>
    [Range(0, Highest)]
    public int Number { get; init; }

    /// <summary>The addresses of the regions by number; this region may be included. Empty if there is one region.</summary>
    public Dictionary<int, Uri> Addresses { get; } = [];

    /// <returns>The address of another region, or null if the region is this one or unknown.</returns>
    public Uri? FindOther(int region) => region == Number ? null : Addresses.GetValueOrDefault(region);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from region in Addresses
        where region.Key is < 0 or > Highest || !IsOrigin(region.Value)
        select new ValidationResult(
            $"ImageResize__Regions__{nameof(Addresses)}__{region.Key} is not a number from 0 to {Highest} with an address such as "
            + "https://host.example.",
            [nameof(Addresses)]);

    private static bool IsOrigin(Uri address) =>
        address is { IsAbsoluteUri: true, AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
