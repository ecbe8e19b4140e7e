using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http;

/// <summary>Values of a request are wrong, each told with its place; answered like the platform's own validation.</summary>
internal sealed class ValuesRefusedException(IEnumerable<WrongValue> wrong) : Exception("Values of the request are wrong.")
{
    public IDictionary<string, string[]> Errors { get; } =
        wrong.GroupBy(value => value.Path, value => value.Message).ToDictionary(place => place.Key, place => place.ToArray());
}
