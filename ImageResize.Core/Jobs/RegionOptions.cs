using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs;

/// <summary>
/// The same service in several regions: results live where they were asked for, and ids tell where that was. Bound from
/// <c>ImageResize:Regions</c>; a single region needs none of it.
/// </summary>
public sealed class RegionOptions : IValidatableObject
{
    private const int Highest = 15;

    /// <summary>This region's own number, in every id that is made here.</summary>
    [Range(0, Highest)]
    public int Number { get; init; }

    /// <summary>Where callers reach the regions, by number; this one may be among them. Empty: there is one region.</summary>
    public Dictionary<int, Uri> Addresses { get; } = [];

    /// <returns>Null when the region is this one, or not known.</returns>
    public Uri? FindOther(int region) => region == Number ? null : Addresses.GetValueOrDefault(region);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from region in Addresses
        where region.Key is < 0 or > Highest || !IsOrigin(region.Value)
        select new ValidationResult(
            $"{nameof(Addresses)}__{region.Key} is not a number from 0 to {Highest} with an address such as https://host.example.",
            [nameof(Addresses)]);

    private static bool IsOrigin(Uri address) =>
        address is { IsAbsoluteUri: true, AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
