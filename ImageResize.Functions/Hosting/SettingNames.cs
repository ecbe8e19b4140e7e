using System.Collections;
using ImageResize.Core.Validation;

namespace ImageResize.Functions.Hosting;

/// <summary>The names of all settings, as the options classes have them.</summary>
internal sealed class SettingNames(IReadOnlyList<SettingsSection> sections)
{
    private const int MaxDepth = 4;

    /// <summary>Stands for the name of a caller or a preset, and for a number.</summary>
    private const string ChosenName = "NAME";

    /// <summary>Returns the type of a setting's value, or null if there is no such setting.</summary>
    /// <param name="key">With colons, for example <c>ImageResize:Imaging:JpegQuality</c>.</param>
    public Type? FindType(string key) => sections
        .Where(section => key.StartsWith(section.Name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(section => Resolve(section.Options, key[(section.Name.Length + 1)..].Split(':')))
        .FirstOrDefault(type => type is not null);

    /// <summary>The setting whose name is most like a wrong one, as an environment variable; null if none is.</summary>
    public string? FindNearest(string key)
    {
        var nearest = sections.SelectMany(section => ListNames(section.Options, section.Name, MaxDepth))
            .Select(name => (Name: name, Distance: CountEdits(WithNamesOf(key, name).ToUpperInvariant(), key.ToUpperInvariant())))
            .MinBy(name => name.Distance);

        return nearest.Distance <= Math.Max(3, key.Length / 4) ? ToVariable(nearest.Name) : null;
    }

    /// <summary>Replaces NAME by the operator's own name, which then does not count as a difference.</summary>
    private static string WithNamesOf(string key, string known)
    {
        var parts = key.Split(':');

        return string.Join(':', known.Split(':').Select((part, i) => part == ChosenName && i < parts.Length ? parts[i] : part));
    }

    public static string ToVariable(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private static Type? Resolve(Type type, ReadOnlySpan<string> path)
    {
        if (IsValue(type))
        {
            return path.IsEmpty ? type : null;
        }

        if (path.IsEmpty)
        {
            // An empty list or dictionary.
            return type;
        }

        if (FindElement(type) is { } element)
        {
            return Resolve(element, path[1..]);
        }

        var name = path[0];

        return Array.Find(type.GetProperties(), property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Resolve(found.PropertyType, path[1..])
            : null;
    }

    /// <summary>The type of the entries of a list, or of the values of a dictionary.</summary>
    private static Type? FindElement(Type type) => type.IsAssignableTo(typeof(IEnumerable))
        ? type.GetInterfaces().Append(type).Where(candidate => candidate.IsGenericType)
            .Where(candidate => candidate.GetGenericTypeDefinition() is var generic
                && (generic == typeof(IDictionary<,>) || generic == typeof(IReadOnlyList<>) || generic == typeof(IList<>)))
            .Select(candidate => candidate.GetGenericArguments()[^1])
            .FirstOrDefault()
        : null;

    private static bool IsValue(Type type) => type.IsValueType || type == typeof(string) || type == typeof(Uri);

    private static IEnumerable<string> ListNames(Type type, string prefix, int depth) =>
        IsValue(type) || depth == 0 ? [prefix]
        : FindElement(type) is { } element ? ListNames(element, $"{prefix}:{ChosenName}", depth - 1)
        : type.GetProperties().SelectMany(property => ListNames(property.PropertyType, $"{prefix}:{property.Name}", depth - 1));

    /// <summary>The Levenshtein distance: how many letters must be inserted, removed or replaced.</summary>
    private static int CountEdits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                left = Math.Min(Math.Min(row[j], left) + 1, replaced);
                row[j] = left;
            }
        }

        return row[^1];
    }
}
