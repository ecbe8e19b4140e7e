namespace ImageResize.Core.Jobs.Requests;

/// <summary>What was asked for one image cannot be done, whoever asks.</summary>
/// <param name="code">Stable and for programs.</param>
public sealed class ItemRefusedException(string code, string message) : Exception(message)
{
    public const string UnknownPreset = "unknown_preset";
    public const string InvalidItem = "invalid_item";
    public const string TooManyItems = "too_many_items";

    public string Code { get; } = code;
}
