namespace ImageResize.Core.Imaging;

/// <summary>The current state of image processing, for the operator.</summary>
/// <param name="Threads">Images that are decoded at once.</param>
/// <param name="ImagesInWork">Images that are being decoded.</param>
/// <param name="ChildProcesses">Child processes, idle ones included.</param>
/// <param name="Posture">Where libvips reads images.</param>
/// <param name="IsolatesAll">
/// Whether all images that libvips reads are decoded in child processes, because of the posture, or because one crashed this program within
/// the last hour. Otherwise only images that may have crashed a process are.
/// </param>
/// <param name="ChildMemory">The memory in bytes at which a child process is ended.</param>
/// <param name="DeadlineSeconds">The processor time after which an image is refused.</param>
/// <param name="LibvipsVersion">Of the native library, which reads only formats that a format class has allowed.</param>
public sealed record ImagingState(
    int Threads,
    int ImagesInWork,
    int ChildProcesses,
    DecoderIsolation Posture,
    bool IsolatesAll,
    long ChildMemory,
    int DeadlineSeconds,
    string LibvipsVersion);
