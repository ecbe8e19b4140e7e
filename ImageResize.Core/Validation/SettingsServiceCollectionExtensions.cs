using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Validation;

/// <summary>Registers the options of a section of settings.</summary>
public static class SettingsServiceCollectionExtensions
{
    /// <param name="section">With colons, for example <c>ImageResize:Imaging</c>.</param>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(TOptions)));

        return services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
    }
}
