namespace ImageResize.Core.Imaging;

/// <summary>
/// How long a picture may take: so much time on the clock, and as much of it really worked. On a machine shared with others a good
/// picture takes long on the clock alone; one that waits for ever works nothing, so four times the limit is over in any case.
/// </summary>
internal readonly record struct Deadline(TimeSpan Limit)
{
    private const int Patience = 4;

    public bool IsOver(TimeSpan taken, TimeSpan worked) => taken >= Limit && (worked >= Limit || taken >= Limit * Patience);
}
