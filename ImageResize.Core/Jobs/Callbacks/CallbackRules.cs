using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Web;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>Which addresses a batch may ask us to call. To be asked before the batch is stored.</summary>
public sealed class CallbackRules(IOptions<CallbackOptions> options, IAddressPolicy policy)
{
    private readonly PublicAddressRules _publicOnes = new(policy);

    /// <returns>The address in its one spelling, for <see cref="Batch.Callback"/>.</returns>
    /// <exception cref="RefusedException">We would never call it, or there is no secret to sign with.</exception>
    public string Check(string address)
    {
        if (options.Value.Keys.Count == 0)
        {
            throw new RefusedException(
                ErrorCode.CallbacksSwitchedOff,
                "Callbacks are switched off here: there is no secret to sign them with.");
        }

        try
        {
            return _publicOnes.Read(address).AbsoluteUri;
        }
        catch (RefusedException refusal)
        {
            var code = refusal.Code == ErrorCode.InvalidSource ? ErrorCode.InvalidCallback : ErrorCode.CallbackNotAllowed;

            throw new RefusedException(code, $"The callback's address is refused. {refusal.Message}");
        }
    }
}
