using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http.Problems;

/// <summary>Values of a request are invalid. Answered as ASP.NET Core's own validation errors, with the path of each value.</summary>
internal sealed class InvalidValuesException(IEnumerable<InvalidValue> invalid) : Exception("Values of the request are invalid.")
{
    public IDictionary<string, string[]> Errors { get; } =
        invalid.GroupBy(value => value.Path, value => value.Message).ToDictionary(place => place.Key, place => place.ToArray());

    /// <summary>A summary for people: the first error, and how many there are.</summary>
    public string Detail => Errors.Count == 1 ? First : $"{First} {Errors.Count} values are wrong; errors has all.";

    private string First => Errors.First().Value[0];
}
