namespace ImageResize.Functions.Development;

/// <summary>Lets one process of this machine at a time do a thing. The system gives it back when its holder is killed.</summary>
internal sealed class LockFile : IDisposable
{
    // As long as installing Azurite may take somebody else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly FileStream _file;

    private LockFile(FileStream file) => _file = file;

    public static async Task<LockFile> TakeAsync(string path, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
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

    // The file stays: deleting it would let two callers hold two different files of one name.
    public void Dispose() => _file.Dispose();
}
