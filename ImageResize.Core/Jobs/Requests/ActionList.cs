using ImageResize.Core.Errors;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>The actions of a request.</summary>
public sealed class ActionList() : BoundedList<ActionRequest>(MaxRead)
{
    /// <summary>A few more than a job may have, so that validation reports a small excess together with all other errors.</summary>
    private const int MaxRead = 2 * JobRequest.MaxActions;

    protected override Exception TooMany(int max) => new RefusedException(
        ErrorCode.InvalidRequest,
        $"actions has more than {max} entries. A job can have at most {JobRequest.MaxActions}.");
}
