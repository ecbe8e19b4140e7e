using System.Text.Json;
using ImageResize.Core.Validation;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>A value of a request that its validation attributes do not allow.</summary>
/// <param name="Part">The part of the request, for example <c>actions[1].thumbnail</c>; empty for the request itself.</param>
/// <param name="Name">The property.</param>
public readonly record struct InvalidValue(string Part, string Name, string Message)
{
    public string Path => Part.Length == 0 ? Name : $"{Part}.{Name}";

    /// <param name="part">If null, nothing is invalid.</param>
    public static IEnumerable<InvalidValue> In(object? part, string path = "")
    {
        if (part is null || FastValidator.IsValid(part))
        {
            return [];
        }

        return ValueRules.FindInvalid(part, JsonNamingPolicy.CamelCase.ConvertName)
            .Select(value => new InvalidValue(path, JsonNamingPolicy.CamelCase.ConvertName(value.Property), value.Message));
    }

    public static IEnumerable<InvalidValue> InActions(IReadOnlyList<ActionRequest>? actions) => (actions ?? []).Index().SelectMany(action =>
        In(action.Item, $"actions[{action.Index}]").Concat(In(action.Item?.Thumbnail, $"actions[{action.Index}].thumbnail")));
}
