using System.Text.RegularExpressions;
using ImageResize.Functions.Hosting;

namespace ImageResize.Tests.Settings;

/// <summary>Documents name the tests that show what they promise.</summary>
public sealed partial class DocumentedTestsTests
{
    [Theory]
    [InlineData("docs/reliability.md")]
    [InlineData("docs/security.md")]
    public void Each_test_that_a_document_names_exists(string document)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, document));
        var known = typeof(DocumentedTestsTests).Assembly.GetTypes().Select(type => type.Name);

        var named = TestClass().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [GeneratedRegex(@"`(\w+Tests)\b")]
    private static partial Regex TestClass();
}
