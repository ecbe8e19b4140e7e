using System.Globalization;
using System.Reflection;

namespace ImageResize.Tests.Settings;

/// <summary>Tests that cover a kind of abuse have a trait with its number.</summary>
public sealed class AbuseCasesTests
{
    private const int Kinds = 30;

    [Fact]
    public void Each_kind_of_abuse_has_a_test()
    {
        var covered = typeof(AbuseCasesTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Abuse").Select(trait => int.Parse(trait.Value, CultureInfo.InvariantCulture));

        Assert.Empty(Enumerable.Range(1, Kinds).Except(covered));
    }
}
