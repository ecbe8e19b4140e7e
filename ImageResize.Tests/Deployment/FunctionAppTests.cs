using static ImageResize.Tests.Deployment.Stack;

namespace ImageResize.Tests.Deployment;

[Collection(BicepTests.Name)]
public sealed class FunctionAppTests(Bicep bicep)
{
    [Fact]
    public async Task A_function_app_has_only_the_roles_that_it_needs()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);
        var app = Name(Assert.Single(stack.Of("Microsoft.Web/sites")));
        var insights = "Microsoft.Insights/components/" + Name(Assert.Single(stack.Of("Microsoft.Insights/components")));
        (string, string)[] expected =
        [
            (Roles.BlobOwner, stack.Account), (Roles.BlobDelegator, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.MetricsPublisher, insights),
            .. Queues.Select(queue => (Roles.QueueContributor, stack.Queue(queue))),
        ];

        Assert.Equal(expected.Order(), stack.RolesOf(app).Order());
    }

    [Fact]
    public async Task The_function_app_is_an_isolated_worker_of_this_NET_version_on_Flex_Consumption()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);
        var app = Assert.Single(stack.Of("Microsoft.Web/sites"));
        var runtime = app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("runtime");

        Assert.Equal("FC1", Assert.Single(stack.Of("Microsoft.Web/serverfarms")).GetProperty("sku").GetProperty("name").GetString());
        Assert.Equal(
            ("dotnet-isolated", Environment.Version.ToString(2)),
            (runtime.GetProperty("name").GetString(), runtime.GetProperty("version").GetString()));
        Assert.DoesNotContain("customHandler", app.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://a.example, http://b.example", "https://a.example", "http://b.example")]
    public async Task The_platform_allows_the_origins_of_the_programs_own_setting(string setting, params string[] origins)
    {
        var stack =
            await bicep.EvaluateAsync("param shape = 'functions'", $"param settings = {{ ImageResize__AllowedOrigins: '{setting}' }}");

        Assert.All(stack.Of("Microsoft.Web/sites"), app =>
        {
            var cors = app.GetProperty("properties").GetProperty("siteConfig").GetProperty("cors");
            Assert.Equal(origins, cors.GetProperty("allowedOrigins").EnumerateArray().Select(origin => origin.GetString()));
        });
    }
}
