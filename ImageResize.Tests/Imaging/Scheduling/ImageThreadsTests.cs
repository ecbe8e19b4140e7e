using System.Globalization;
using ImageResize.Core.Imaging.Scheduling;

namespace ImageResize.Tests.Imaging.Scheduling;

public sealed class ImageThreadsTests
{
    private static readonly ImagePriority Turn = new(1);

    private bool _areThere;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_fails_if_no_thread_can_be_started_and_succeeds_once_one_can()
    {
        var threads = new ImageThreads(width: 2, Start);
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<TaskSchedulerException>(() => threads.RunAsync(() => i, Turn, TimeSpan.Zero, Token));
        }

        _areThere = true;

        Assert.Equal(7, await threads.RunAsync(() => 7, Turn, TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task If_no_more_threads_can_be_started_the_existing_ones_do_the_work()
    {
        var threads = new ImageThreads(width: 2, Start);
        using var open = new ManualResetEventSlim();
        _areThere = true;
        var first = threads.RunAsync(() => open.Wait(TimeSpan.FromMinutes(1)), Turn, TimeSpan.Zero, Token);
        _areThere = false;

        var second = threads.RunAsync(() => true, Turn, TimeSpan.Zero, Token);
        open.Set();

        Assert.True(await first && await second);
    }

    [Fact]
    public async Task On_Linux_images_have_a_lower_priority_than_requests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Priorities are read from /proc.");
        var threads = new ImageThreads(width: 1, Start);
        _areThere = true;

        var image = await threads.RunAsync(ReadNice, Turn, TimeSpan.Zero, Token);

        Assert.Equal(10, image);
        Assert.NotEqual(image, ReadNice());
    }

    /// <summary>The nice value of the current thread: the 19th field of its status, counted after the name in parentheses.</summary>
    private static int ReadNice()
    {
        var status = File.ReadAllText("/proc/thread-self/stat");

        return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }

    private void Start(Thread thread)
    {
        if (!_areThere)
        {
            throw new InsufficientMemoryException();
        }

        thread.Start();
    }
}
