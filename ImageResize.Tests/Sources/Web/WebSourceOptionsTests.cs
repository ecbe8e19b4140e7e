using ImageResize.Core.Sources.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Web;

public sealed class WebSourceOptionsTests
{
    [Fact]
    public void Settings_are_read_from_their_section()
    {
        var expected = new WebSourceOptions { Enabled = false, MaxBytes = 1_000, AllowedHosts = "img.example.com, *.example.org" };

        var options = Read(
            ("Enabled", "false"),
            ("MaxBytes", "1000"),
            ("AllowedHosts", "img.example.com, *.example.org"));

        Assert.Equivalent(expected, options);
    }

    [Theory]
    [InlineData("MaxBytes", "0")]
    [InlineData("TimeoutSeconds", "0")]
    [InlineData("IdleTimeoutSeconds", "601")]
    [InlineData("MaxRedirects", "-1")]
    [InlineData("AllowedHosts", "img.example.com,")]
    [InlineData("AllowedHosts", "*")]
    [InlineData("AllowedHosts", "*.")]
    [InlineData("AllowedHosts", "*example.com")]
    [InlineData("AllowedHosts", "https://img.example.com")]
    [InlineData("AllowedHosts", "img.example.com:443")]
    [InlineData("AllowedHosts", "127.0.0.1")]
    public void An_invalid_setting_is_named_in_the_message(string name, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read((name, value)));

        Assert.Contains(name.Split(':')[0], failure.Message, StringComparison.Ordinal);
    }

    private static WebSourceOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => $"ImageResize:Web:{setting.Name}", setting => (string?)setting.Value))
            .Build();

        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<WebSourceOptions>().BindConfiguration("ImageResize:Web").ValidateDataAnnotations();

        return services.BuildServiceProvider().GetRequiredService<IOptions<WebSourceOptions>>().Value;
    }
}
