namespace ImageResize.Core.Memory;

/// <summary>Files for bytes that arrive slowly or that need not be in memory.</summary>
public static class TemporaryFile
{
    /// <returns>An empty file that is deleted when it is closed, also when the process ends.</returns>
    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"ImageResize-{Guid.NewGuid():n}.tmp"), options);
        if (!OperatingSystem.IsWindows())
        {
            // Unix deletes the name only when the process closes the file, and a killed process never does.
            File.Delete(file.Name);
        }

        return file;
    }
}
