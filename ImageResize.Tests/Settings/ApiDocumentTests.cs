using System.Reflection;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http;

namespace ImageResize.Tests.Settings;

/// <summary>docs/api.md lists every error code of responses.</summary>
public sealed class ApiDocumentTests
{
    public static TheoryData<string> Codes() =>
    [
        .. from field in typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static)
           select ((ErrorCode)field.GetValue(null)!).Name,
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_error_code_is_listed(string code) =>
        Assert.Contains($"`{code}`", File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "api.md")), StringComparison.Ordinal);
}
