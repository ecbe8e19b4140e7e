namespace ImageResize.Core.Validation;

/// <summary>A section of settings and the class that defines all names in it.</summary>
/// <param name="Options">Its properties are the settings.</param>
public sealed record SettingsSection(string Name, Type Options);
