namespace ImageResize.Core.Validation;

/// <summary>A section of settings, of which the program knows every name.</summary>
/// <param name="Options">Its properties are the settings.</param>
public sealed record SettingsSection(string Name, Type Options);
