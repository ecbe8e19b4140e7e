using System.Globalization;
using System.Reflection;

namespace ImageResize.Tests.Settings;

/// <summary>Of the thirty kinds of abuse that the service is held against, each has a test with its number.</summary>
public sealed class AbuseCasesTests
{
    private static readonly string[] Names =
    [
        .. from type in typeof(AbuseCasesTests).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.GetCustomAttributes().Any(attribute => attribute is FactAttribute or TheoryAttribute)
           select method.Name,
    ];

    [Fact]
    public void Each_of_the_thirty_cases_has_a_test()
    {
        var missing = Enumerable.Range(1, 30)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"Abuse_{number:00}_"))
            .Where(start => !Names.Any(name => name.StartsWith(start, StringComparison.Ordinal)));

        Assert.Empty(missing);
    }
}
