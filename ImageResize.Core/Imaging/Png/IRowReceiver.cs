namespace ImageResize.Core.Imaging.Png;

/// <summary>Uses the rows of an image from top to bottom.</summary>
internal interface IRowReceiver
{
    /// <param name="row">Pixels as stored, and padding. Valid until the call ends.</param>
    void Add(ReadOnlySpan<byte> row);
}
