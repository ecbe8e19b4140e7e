using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Web.Network;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Callbacks;

/// <summary>Decides which addresses a batch can be called back at. Applied before a batch is stored.</summary>
public sealed class CallbackAddressRules(IOptions<CallbackOptions> options, IAddressPolicy policy)
{
    private readonly PublicAddressRules _publicAddresses = new(policy, options.Value.AllowLoopback);

    /// <returns>The normalized address.</returns>
    /// <exception cref="RefusedException">The address is invalid or not allowed, or there is no secret to sign with.</exception>
    public string Normalize(string address)
    {
        if (options.Value.Keys.Count == 0)
        {
            throw new RefusedException(
                ErrorCode.CallbacksSwitchedOff,
                "Callbacks are not available: the operator has set no secret to sign them with.");
        }

        try
        {
            return _publicAddresses.Read(address).AbsoluteUri;
        }
        catch (RefusedException refusal)
        {
            var code = refusal.Code == ErrorCode.InvalidSource ? ErrorCode.InvalidCallback : ErrorCode.CallbackNotAllowed;

            throw new RefusedException(code, $"The callback's address is refused. {refusal.Message}");
        }
    }
}
