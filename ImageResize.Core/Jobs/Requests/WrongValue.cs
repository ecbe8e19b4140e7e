using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>A value that the attributes of a request, or of a part of it, do not allow.</summary>
/// <param name="Part">Where the part stands, <c>actions[1].thumbnail</c>; empty for the request itself.</param>
/// <param name="Name">The value's property.</param>
public readonly record struct WrongValue(string Part, string Name, string Message)
{
    public string Path => Part.Length == 0 ? Name : $"{Part}.{Name}";

    /// <param name="part">None has nothing wrong.</param>
    public static IEnumerable<WrongValue> In(object? part, string path = "")
    {
        var results = new List<ValidationResult>();
        if (part is not null)
        {
            Validator.TryValidateObject(part, new ValidationContext(part), results, validateAllProperties: true);
        }

        return results.Select(result => new WrongValue(path, result.MemberNames.First(), result.ErrorMessage!));
    }

    public static IEnumerable<WrongValue> InActions(IReadOnlyList<ActionRequest>? actions) => (actions ?? []).Index().SelectMany(action =>
        In(action.Item, $"actions[{action.Index}]").Concat(In(action.Item?.Thumbnail, $"actions[{action.Index}].thumbnail")));
}
