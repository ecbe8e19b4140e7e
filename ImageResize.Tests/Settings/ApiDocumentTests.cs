using System.Reflection;
using ImageResize.Core.Imaging;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Functions;
using ImageResize.Functions.Http;

namespace ImageResize.Tests.Settings;

/// <summary>docs/api.md lists every code that a caller can meet.</summary>
public sealed class ApiDocumentTests
{
    private static readonly string[] NoCodes = [nameof(ProblemCode.Name)];

    public static TheoryData<string> Codes() =>
    [
        .. from type in (Type[])[typeof(ProblemCode), typeof(SourceRefusal), typeof(RefusalCode), typeof(JobError), typeof(ItemRefusedException), typeof(CallbackRefusedException)]
           from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
           where field.IsLiteral && field.FieldType == typeof(string) && !NoCodes.Contains(field.Name)
           select (string)field.GetRawConstantValue()!,
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_listed(string code) =>
        Assert.Contains($"`{code}`", File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "api.md")), StringComparison.Ordinal);
}
