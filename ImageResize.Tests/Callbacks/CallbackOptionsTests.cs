using ImageResize.Core.Callbacks;
using ImageResize.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;
using ImageResize.Tests.Support.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Callbacks;

public sealed class CallbackOptionsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("$1", 1)]
    [InlineData("$1 $2", 2)]
    [InlineData("  $1  $2 ", 2)]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1)]
    public void Each_secret_is_a_key(string secrets, int keys) => Assert.Equal(keys, Read(secrets).Keys.Count);

    [Theory]
    [InlineData("hush")]
    [InlineData("whsec_not/base64!hush")]
    [InlineData("WHSEC_hushAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("hushAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void An_invalid_secret_stops_the_start_and_is_named_by_its_position(string secret)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read($"$1 {secret}"));

        Assert.Contains("ImageResize__Callbacks__Secrets: number 2 ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool isSecret)
    {
        var failure = Record.Exception(() => Read("whsec_" + Convert.ToBase64String(new byte[bytes])));

        Assert.Equal(isSecret, failure is null);
    }

    [Fact]
    public void Receivers_on_this_machine_are_allowed_only_in_Development()
    {
        string[] settings = ["--AzureWebJobsStorage=UseDevelopmentStorage=true", "--ImageResize:Callbacks:AllowLoopback=true"];
        Start(["--environment=Development", .. settings]);

        var failure = Assert.Throws<StartupException>(() => Start(["--environment=Production", .. settings]));

        Assert.Contains("ImageResize__Callbacks__AllowLoopback", failure.Message, StringComparison.Ordinal);
    }

    private static void Start(string[] arguments) =>
        StandaloneHost.CreateBuilder(arguments).AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null);

    private static CallbackOptions Read(string secrets)
    {
        var value = secrets
            .Replace("$1", TestReceivers.Secret(1), StringComparison.Ordinal)
            .Replace("$2", TestReceivers.Secret(2), StringComparison.Ordinal);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ImageResize:Callbacks:Secrets", (string?)value)])
            .Build();

        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<CallbackOptions>().BindConfiguration("ImageResize:Callbacks").ValidateDataAnnotations();

        return services.BuildServiceProvider().GetRequiredService<IOptions<CallbackOptions>>().Value;
    }
}
