namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>A batch that asks for this callback is not taken.</summary>
/// <param name="code">Stable and for programs: one of the constants.</param>
/// <param name="message">For the caller; never holds the address, whose query may be secret.</param>
public sealed class CallbackRefusedException(string code, string message) : Exception(message)
{
    /// <summary>No web address, or one spelled in a way that we never accept.</summary>
    public const string Invalid = "invalid_callback";

    /// <summary>Not a public address, or another port.</summary>
    public const string NotAllowed = "callback_not_allowed";

    /// <summary>There is no secret to sign with.</summary>
    public const string SwitchedOff = "callbacks_switched_off";

    public string Code { get; } = code;
}
