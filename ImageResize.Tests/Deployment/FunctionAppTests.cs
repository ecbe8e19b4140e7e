using System.Text.Json;
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
        (string, string)[] expected =
        [
            (Roles.BlobOwner, stack.Account), (Roles.TableContributor, stack.Account),
            (Roles.MetricsPublisher, stack.Insights), (Roles.SecretsUser, stack.Vault),
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

    [Fact]
    public async Task The_host_and_the_program_use_the_apps_own_identity()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ThreeFunctionApps);

        Assert.All(stack.Of("Microsoft.Web/sites"), app =>
        {
            var (name, text) = (Name(app), app.GetRawText());
            var properties = app.GetProperty("properties");
            var authentication = properties.GetProperty("functionAppConfig").GetProperty("deployment").GetProperty("storage")
                .GetProperty("authentication");

            Assert.Equal("UserAssigned", app.GetProperty("identity").GetProperty("type").GetString());
            Assert.Matches(@"AzureWebJobsStorage__credential\W+value\W+managedidentity\W", text);
            Assert.Matches($@"AzureWebJobsStorage__clientId\W+value\W+reference\('[^']+/{name}', '[^']+'\)\.clientId", text);
            Assert.Matches($@"AZURE_CLIENT_ID\W+value\W+reference\('[^']+/{name}', '[^']+'\)\.clientId", text);
            Assert.Matches($@"APPLICATIONINSIGHTS_AUTHENTICATION_STRING\W+value\W+format\('+ClientId=\{{0\}};Authorization=AAD", text);
            Assert.EndsWith($"/{name}", properties.GetProperty("keyVaultReferenceIdentity").GetString(), StringComparison.Ordinal);
            Assert.EndsWith(
                $"/{name}", authentication.GetProperty("userAssignedIdentityResourceId").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Settings_that_Flex_Consumption_refuses_are_not_set_and_secrets_are_references()
    {
        var stack = await bicep.EvaluateAsync("param adminKey = 'no-key-but-long-enough'");
        var text = Assert.Single(stack.Of("Microsoft.Web/sites")).GetRawText();

        Assert.DoesNotMatch("FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT", text);
        Assert.DoesNotContain("no-key-but-long-enough", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<!empty\()parameters\('adminKey'\)", text);
        Assert.Contains("@Microsoft.KeyVault(VaultName={0};SecretName={1})", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_have_enough_places_for_requests_that_wait_and_can_be_always_ready()
    {
        var stack = await bicep.EvaluateAsync(TemplateParameters.ThreeFunctionApps);

        Assert.All(stack.Of("Microsoft.Web/sites"), app => Assert.Equal(
            """{"instanceMemoryMB":2048,"maximumInstanceCount":100,"triggers":{"http":{"perInstanceConcurrency":64}}"""
            + ""","alwaysReady":[{"name":"http","instanceCount":1},{"name":"function:ProcessWork","instanceCount":2}]}""",
            JsonSerializer.Serialize(app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("scaleAndConcurrency"))));
    }

    [Fact]
    public async Task Running_code_is_replaced_at_once_unless_the_preview_of_rolling_updates_is_wanted()
    {
        var recreate = await bicep.EvaluateAsync(TemplateParameters.OneFunctionApp);
        var rolling = await bicep.EvaluateAsync("param updates = 'RollingUpdate'");

        Assert.Equal("null", Strategy(recreate));
        Assert.Equal("""{"type":"RollingUpdate"}""", Strategy(rolling));

        static string Strategy(Stack stack) => JsonSerializer.Serialize(Assert.Single(stack.Of("Microsoft.Web/sites"))
            .GetProperty("properties").GetProperty("functionAppConfig").GetProperty("siteUpdateStrategy"));
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
