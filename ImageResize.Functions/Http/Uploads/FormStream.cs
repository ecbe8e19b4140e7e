using ImageResize.Core.Sources;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>A file in a form. What the form's reader says of a malformed form becomes an answer to the caller, however deep it is read.</summary>
internal sealed class FormStream(Stream file) : ForwardOnlyStream
{
    /// <summary>The reader's own words for a line too long, a missing end, a connection that broke.</summary>
    public static bool IsMalformed(Exception exception) => exception is InvalidDataException or (IOException and not BadHttpRequestException);

    /// <exception cref="RefusedException">The form is malformed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await file.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            throw UploadBody.Malformed();
        }
    }
}
