using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Imaging.Scheduling;

public sealed class MeasuringGateTests
{
    private const int Width = 2;

    private static readonly ImageSize Size = new(1, 1, 1, ImageFormat.Png);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_images_are_measured_at_once_than_the_program_decodes()
    {
        int running = 0, most = 0;
        using var together = new Barrier(Width);
        using var rig = Rig(_ =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            together.SignalAndWait(Token);
            Interlocked.Decrement(ref running);
        });

        await Task.WhenAll(Enumerable.Range(0, 10 * Width).Select(_ => rig.Thumbnailer.MeasureAsync(new MemoryStream(), Token)));

        Assert.Equal(Width, most);
    }

    [Fact]
    public async Task A_slow_source_does_not_delay_others()
    {
        using var rig = Rig(source => source.ReadByte());
        using var arrival = new ManualResetEventSlim();
        var slow = Enumerable.Range(0, 2 * Width).Select(_ => rig.Thumbnailer.MeasureAsync(new SlowStream(arrival), Token)).ToList();

        Assert.Equal(Size, await rig.Thumbnailer.MeasureAsync(new MemoryStream(), Token));

        Assert.DoesNotContain(slow, task => task.IsCompleted);
        arrival.Set();
        Assert.All(await Task.WhenAll(slow), size => Assert.Equal(Size, size));
    }

    [Fact]
    public async Task A_failure_and_a_cancellation_free_their_places()
    {
        using var canceled = new CancellationTokenSource();
        using var rig = Rig(source => source.ReadByte());
        for (var i = 0; i < 2 * Width; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => rig.Thumbnailer.MeasureAsync(new ForwardStream([], breaksAt: 0), Token));
            await canceled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => rig.Thumbnailer.MeasureAsync(new MemoryStream(), canceled.Token));
        }

        Assert.Equal(Size, await rig.Thumbnailer.MeasureAsync(new MemoryStream(), Token));
    }

    private static GuardRig Rig(Action<Stream> measure) => new(here: new StubThumbnailer(measure), gate: new ImageScheduler(Width));

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private sealed class StubThumbnailer(Action<Stream> measure) : IThumbnailer
    {
        public ImageSize Measure(Stream source)
        {
            measure(source);
            return Size;
        }

        public IReadOnlyList<Thumbnail> Make(
            ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken) => [];
    }

    private sealed class SlowStream(ManualResetEventSlim arrival) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            arrival.Wait(Token);
            return 0;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
