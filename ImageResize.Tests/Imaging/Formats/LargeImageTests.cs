using System.Collections.Concurrent;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.FaultyApp;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Imaging.Formats;

/// <summary>Images that need much memory are decoded one after another if the memory is not enough for two.</summary>
public sealed class LargeImageTests : IDisposable
{
    private static readonly ImageWork Thumbnail = new(Measure: false, [new ThumbnailSpec(20, 20)]);

    private readonly WatchedThumbnailer _here = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly GuardRig _guard;

    public LargeImageTests() =>
        _guard = new GuardRig(
            command: FaultyProgram.ChildCommand, here: _here, gate: new ImageScheduler(width: 4, memory: 60_000_000), clock: _clock);

    /// <summary>1.5 megapixels: 39 MB.</summary>
    private static byte[] Heavy { get; } = TestImages.Avif(1_500, 1_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Two_large_images_are_decoded_one_after_another_with_small_ones_beside_them()
    {
        _here.Open.Reset();
        var heavy = Enumerable.Range(0, 3).Select(_ => MakeAsync(Heavy)).ToList();
        await Eventually.Async(() => _here.AtWork == 1);

        var light = MakeAsync(TestImages.Jpeg());
        await Eventually.Async(() => _here.AtWork == 2);
        _here.Open.Set();

        await Task.WhenAll([light, .. heavy]);
        Assert.Equal(1, _here.MostHeavyAtWork);
        Assert.All(heavy, made => Assert.Equal((20, 13), (made.Result.Thumbnails[0].Width, made.Result.Thumbnails[0].Height)));
    }

    [Fact]
    public async Task An_image_in_a_child_process_counts_too()
    {
        _here.Open.Reset();
        var here = MakeAsync(Heavy);
        await Eventually.Async(() => _here.AtWork == 1);

        var apart = MakeAsync(Heavy, isSuspect: true);
        for (var i = 0; i < 50; i++)
        {
            await MakeAsync(TestImages.Jpeg(), isSuspect: true);
        }

        Assert.False(apart.IsCompleted);

        _here.Open.Set();
        await Task.WhenAll(here, apart);
    }

    [Fact]
    public async Task The_wait_for_memory_does_not_count_towards_an_images_deadline()
    {
        _here.Open.Reset();
        var first = MakeAsync(Heavy);
        await Eventually.Async(() => _here.AtWork == 1);
        var second = MakeAsync(Heavy);

        // Until the deadline stops the first image, which is then repeated in a child process.
        for (var i = 0; i < 330; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await Eventually.Async(() => _here is { Stopped: 1, AtWork: 1 });
        _here.Open.Set();

        await Task.WhenAll(first, second);
        Assert.Equal(1, _here.Stopped);
    }

    private Task<ImageWorkResult> MakeAsync(byte[] picture, bool isSuspect = false) =>
        _guard.Thumbnailer.MakeAsync(picture, Thumbnail, new ImagePriority(1), isSuspect, Token);

    /// <summary>The program's thumbnailer. It records the images that are being processed.</summary>
    private sealed class WatchedThumbnailer : IThumbnailer
    {
        private readonly Thumbnailer _real = new(Options.Create(new ImagingOptions()));
        private readonly ConcurrentDictionary<object, bool> _heavy = new();
        private int _atWork;
        private int _stopped;

        public ManualResetEventSlim Open { get; } = new(true);

        public int AtWork => _atWork;

        public int MostHeavyAtWork { get; private set; }

        public int Stopped => _stopped;

        public ImageSize Measure(Stream source) => _real.Measure(source);

        public IReadOnlyList<Thumbnail> Make(
            ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
        {
            var picture = new object();
            Interlocked.Increment(ref _atWork);
            if (source.Span.SequenceEqual(Heavy))
            {
                _heavy[picture] = true;
                MostHeavyAtWork = Math.Max(MostHeavyAtWork, _heavy.Count);
            }

            try
            {
                Open.Wait(cancellationToken);
                return _real.Make(source, specs, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _stopped);
                throw;
            }
            finally
            {
                _heavy.TryRemove(picture, out _);
                Interlocked.Decrement(ref _atWork);
            }
        }
    }
}
