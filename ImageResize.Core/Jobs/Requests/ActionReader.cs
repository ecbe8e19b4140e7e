using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Turns validated action requests into actions.</summary>
public sealed class ActionReader(IOptions<PresetOptions> presets)
{
    /// <exception cref="RefusedException">A preset does not exist.</exception>
    public JobActions Read(IReadOnlyList<ActionRequest> actions) => JobActions.Of(actions.Select(action => action.ToAction(presets.Value)));
}
