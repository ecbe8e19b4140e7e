namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>A lock between the processes of this machine. The system releases it when its holder is killed.</summary>
internal sealed class LockFile : IDisposable
{
    // As long as another process may take to install Azurite.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly FileStream _file;

    private LockFile(FileStream file) => _file = file;

    public static async Task<LockFile> TakeAsync(string path, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Timeout;
        while (true)
        {
            try
            {
                return new LockFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetUtcNow() < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    // The file is not deleted, because then two processes could hold two files of the same name.
    public void Dispose() => _file.Dispose();
}
