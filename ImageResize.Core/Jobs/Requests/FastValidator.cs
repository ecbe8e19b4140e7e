using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// Tells whether an object is valid by the same attributes as <see cref="Validator"/>, in a tenth of the time, but not why an object is
/// invalid. A batch has up to 1.7 million actions, nearly always valid ones.
/// </summary>
internal static class FastValidator
{
    private static readonly ConcurrentDictionary<Type, Rule[]> Rules = new();

    /// <returns>False also if only <see cref="Validator"/> can tell.</returns>
    public static bool IsValid(object part)
    {
        foreach (var rule in Rules.GetOrAdd(part.GetType(), static type => [.. RulesOf(type)]))
        {
            var value = rule.Get(part);
            foreach (var attribute in rule.Attributes)
            {
                if (attribute.RequiresValidationContext || !attribute.IsValid(value))
                {
                    return false;
                }
            }
        }

        return part is not IValidatableObject own || !own.Validate(new ValidationContext(part)).Any();
    }

    private static IEnumerable<Rule> RulesOf(Type type)
    {
        foreach (var property in type.GetProperties())
        {
            var attributes = property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>().ToArray();
            if (attributes.Length > 0)
            {
                var part = Expression.Parameter(typeof(object));
                var value = Expression.Property(Expression.Convert(part, type), property);
                var get = Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), part);

                yield return new Rule(get.Compile(), attributes);
            }
        }
    }

    private sealed record Rule(Func<object, object?> Get, ValidationAttribute[] Attributes);
}
