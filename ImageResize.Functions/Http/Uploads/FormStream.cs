using ImageResize.Core.Sources;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>A file in a form. Turns errors of the form's reader into refusals, wherever the file is read.</summary>
internal sealed class FormStream(Stream file) : ForwardOnlyStream
{
    /// <summary>The exceptions that the reader throws for a line that is too long, a missing end, or a broken connection.</summary>
    public static bool IsMalformed(Exception exception) =>
        exception is InvalidDataException or (IOException and not BadHttpRequestException);

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
