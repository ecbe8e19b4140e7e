using System.Runtime.InteropServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.FaultyApp;

/// <summary>A real thumbnailer that crashes, hangs or allocates memory if an image has one of these marks after its last byte.</summary>
internal sealed partial class FaultyThumbnailer(IThumbnailer real) : IThumbnailer
{
    private const int ChunkLength = 32 << 20;

    /// <summary>The C library ends the process, as after heap corruption (SIGABRT).</summary>
    public static readonly byte[] Abort = [.. "faulty: abort"u8];

    /// <summary>Native code reads unmapped memory (SIGSEGV).</summary>
    public static readonly byte[] Crash = [.. "faulty: crash"u8];

    /// <summary>Computes endlessly and ignores cancellation.</summary>
    public static readonly byte[] Spin = [.. "faulty: spin"u8];

    /// <summary>Sleeps endlessly and ignores cancellation.</summary>
    public static readonly byte[] Sleep = [.. "faulty: sleep"u8];

    /// <summary>Written to standard error when it begins. A child's standard output contains its result.</summary>
    public const string Hangs = "An image hangs from now on.";

    /// <summary>Computes until it is canceled.</summary>
    public static readonly byte[] Slow = [.. "faulty: slow"u8];

    /// <summary>Allocates memory outside the garbage collector.</summary>
    public static readonly byte[] Eat = [.. "faulty: eat"u8];

    public ImageSize Measure(Stream source)
    {
        using var whole = new MemoryStream();
        source.CopyTo(whole);
        if (whole.GetBuffer().AsSpan(0, (int)whole.Length).EndsWith(Abort))
        {
            NativeAbort();
        }

        whole.Position = 0;
        return real.Measure(whole);
    }

    public IReadOnlyList<Thumbnail> Make(
        ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
    {
        if (SandboxProbe.Run(source.Span) is { } answer)
        {
            throw new RefusedException(ErrorCode.Damaged, answer);
        }

        switch (source.Span)
        {
            case var bytes when bytes.EndsWith(Abort):
                NativeAbort();
                break;
            case var bytes when bytes.EndsWith(Crash):
                NativeLength(8);
                break;
            case var bytes when bytes.EndsWith(Spin):
                SpinWhile(() => true);
                break;
            case var bytes when bytes.EndsWith(Sleep):
                Console.Error.WriteLine(Hangs);
                Thread.Sleep(Timeout.Infinite);
                break;
            case var bytes when bytes.EndsWith(Slow):
                SpinWhile(() => !cancellationToken.IsCancellationRequested);
                cancellationToken.ThrowIfCancellationRequested();
                break;
            case var bytes when bytes.EndsWith(Eat):
                EatMemory();
                break;
            default:
                break;
        }

        return real.Make(source, specs, cancellationToken);
    }

    private static void SpinWhile(Func<bool> isOn)
    {
        while (isOn())
        {
            Thread.SpinWait(1000);
        }
    }

    private static unsafe void EatMemory()
    {
        while (true)
        {
            new Span<byte>(NativeMemory.Alloc(ChunkLength), ChunkLength).Fill(1);
            Thread.Sleep(10);
        }
    }

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void NativeAbort();

    [LibraryImport("libc", EntryPoint = "strlen")]
    private static partial nuint NativeLength(nint text);
}
