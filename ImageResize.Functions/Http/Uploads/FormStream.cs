using ImageResize.Core.Sources;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>A file in a form. Turns errors of the form's reader into refusals, wherever the file is read.</summary>
/// <param name="number">The number of the part, from 1.</param>
internal sealed class FormStream(Stream file, int number) : ForwardOnlyStream
{
    public int Number { get; } = number;

    /// <summary>The name of the file, without folders of the caller's machine; null if it has none.</summary>
    public string? FileName { get; init; }

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
