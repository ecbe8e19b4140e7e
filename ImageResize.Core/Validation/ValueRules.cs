using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Validation;

/// <summary>Says what validation attributes require, for people who write requests and settings.</summary>
public static class ValueRules
{
    /// <summary>Finds the values that the attributes of an object's properties refuse, or else those that the object refuses.</summary>
    /// <param name="nameOf">The name of a property in messages.</param>
    public static IEnumerable<(string Property, string Message)> FindInvalid(object part, Func<string, string> nameOf)
    {
        var invalid =
            from property in part.GetType().GetProperties()
            where property.GetIndexParameters().Length == 0
            let value = property.GetValue(part)
            from attribute in property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>()
            where !IsValid(attribute, value)
            select (property.Name, Explain(attribute, nameOf(property.Name)));
        var found = invalid.ToList();

        return found.Count > 0 || part is not IValidatableObject own ? found : own.Validate(new ValidationContext(part))
            .Select(result => (result.MemberNames.FirstOrDefault() ?? "", result.ErrorMessage!));
    }

    /// <summary>As <see cref="Validator"/> does, a missing value is refused by <see cref="RequiredAttribute"/> only.</summary>
    public static bool IsValid(ValidationAttribute attribute, object? value) =>
        value is null ? attribute is not RequiredAttribute : attribute.IsValid(value);

    public static string Explain(ValidationAttribute attribute, string name) => attribute switch
    {
        { ErrorMessage: { } own } => own,
        RequiredAttribute => $"{name} is missing.",
        RangeAttribute { Minimum: int } range => $"{name} must be an integer from {range.Minimum} to {range.Maximum}.",
        RangeAttribute range => $"{name} must be a number from {range.Minimum} to {range.Maximum}.",
        StringLengthAttribute { MinimumLength: 0 } text => $"{name} must have at most {text.MaximumLength} characters.",
        StringLengthAttribute text => $"{name} needs {text.MinimumLength} to {text.MaximumLength} characters.",
        LengthAttribute list => $"{name} needs {list.MinimumLength} to {list.MaximumLength} entries.",
        _ => attribute.FormatErrorMessage(name),
    };
}
