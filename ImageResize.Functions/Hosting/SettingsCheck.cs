using System.ComponentModel;
using ImageResize.Core.Validation;

namespace ImageResize.Functions.Hosting;

/// <summary>
/// Checks all settings before the start, so that all mistakes are reported together. A name that is not a setting stops the start in
/// Development. Elsewhere it is only logged, so that a setting of another version does not stop a deployment.
/// </summary>
internal static class SettingsCheck
{
    private const string Root = "ImageResize";

    /// <summary>Called when all sections are registered.</summary>
    /// <exception cref="StartupException">Settings are wrong. The message has a line for each.</exception>
    public static void Run(IHostApplicationBuilder builder)
    {
        SettingsSection[] sections =
        [
            .. builder.Services.Where(service => !service.IsKeyedService)
                .Select(service => service.ImplementationInstance).OfType<SettingsSection>(),
        ];
        var names = new SettingNames(sections);
        var set = builder.Configuration.GetSection(Root).AsEnumerable().Where(setting => setting.Value is not null).ToList();
        var unknown = set.Where(setting => setting.Key != Root && names.FindType(setting.Key) is null)
            .Select(setting => ExplainUnknown(setting.Key, names)).ToList();
        List<string> wrong =
        [
            .. set.Select(setting => ExplainUnreadable(setting.Key, setting.Value!, names.FindType(setting.Key))).OfType<string>(),
            .. sections.SelectMany(section => ExplainInvalid(section, builder.Configuration)),
            .. builder.Environment.IsDevelopment() ? unknown : [],
        ];
        if (wrong.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, wrong));
        }

        builder.Services.AddHostedService(services =>
            new UnknownSettingsWarning(unknown, services.GetRequiredService<ILogger<UnknownSettingsWarning>>()));
    }

    private static string ExplainUnknown(string key, SettingNames names) => names.FindNearest(key) is { } nearest
        ? $"{SettingNames.ToVariable(key)} is not a setting. Did you mean {nearest}?"
        : $"{SettingNames.ToVariable(key)} is not a setting. docs/settings.md lists all.";

    /// <summary>Returns null for strings, which are always valid here, so that no message contains a secret.</summary>
    private static string? ExplainUnreadable(string key, string value, Type? type)
    {
        if (type is null || !type.IsValueType || CanConvert(value, type))
        {
            return null;
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var expected = plain.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(plain))}"
            : plain == typeof(bool) ? "True or False"
            : plain == typeof(int) || plain == typeof(long) ? "an integer"
            : "a valid value";

        return $"{SettingNames.ToVariable(key)} must be {expected}, but is '{value}'.";
    }

    private static bool CanConvert(string value, Type type)
    {
        try
        {
            _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);

            return true;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static IEnumerable<string> ExplainInvalid(SettingsSection section, IConfiguration configuration)
    {
        var options = Bind(section, configuration);

        return options is null ? [] : ValueRules
            .FindInvalid(options, property => SettingNames.ToVariable($"{section.Name}:{property}"))
            .Select(value => value.Message.StartsWith(Root, StringComparison.Ordinal)
                ? value.Message
                : $"{SettingNames.ToVariable($"{section.Name}:{value.Property}")}: {value.Message}");
    }

    /// <returns>Null if a value cannot be read, which is reported by itself.</returns>
    private static object? Bind(SettingsSection section, IConfiguration configuration)
    {
        try
        {
            var options = Activator.CreateInstance(section.Options)!;
            configuration.GetSection(section.Name).Bind(options);

            return options;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
