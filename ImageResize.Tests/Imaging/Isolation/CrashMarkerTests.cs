using ImageResize.Core.Imaging.Isolation;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Imaging.Isolation;

public sealed class CrashMarkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_crash_during_an_image_is_remembered_for_an_hour_and_across_restarts()
    {
        Live(note => note.Write(isProcessing: true));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Live(note => Assert.True(note.IsRecent));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Live(note =>
        {
            Assert.True(note.IsRecent);
            _clock.Advance(TimeSpan.FromMinutes(2));
            Assert.False(note.IsRecent);
        });
    }

    [Fact]
    public void A_process_that_ended_without_a_running_image_has_not_crashed()
    {
        Live(note =>
        {
            note.Write(isProcessing: true);
            note.Write(isProcessing: false);
        });

        Live(note => Assert.False(note.IsRecent));
    }

    [Fact]
    public void A_marker_is_removed_when_no_crash_is_remembered()
    {
        Live(_ => Assert.True(File.Exists(_folder["note"])));
        Assert.False(File.Exists(_folder["note"]));

        Live(note => note.Write(isProcessing: true));
        Assert.True(File.Exists(_folder["note"]));

        Live(_ => { });
        Assert.True(File.Exists(_folder["note"]));

        _clock.Advance(CrashMarker.Retention);
        Live(_ => { });
        Assert.False(File.Exists(_folder["note"]));
    }

    [Fact]
    public void A_process_that_ends_late_does_not_remove_the_marker_of_its_successor()
    {
        var before = Open();
        using var successor = Open();
        before.Dispose();
        successor.Write(isProcessing: true);

        Live(next => Assert.True(next.IsRecent));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(24, true)]
    [InlineData(25, false)]
    public void Any_content_of_the_marker_file_allows_the_start(int length, bool isTakenForANote)
    {
        _folder.Write("note", [.. Enumerable.Repeat((byte)0xFF, length)]);

        Live(note => Assert.Equal(isTakenForANote, note.IsRecent));
    }

    [Fact]
    public void Without_a_writable_marker_images_are_still_processed()
    {
        Directory.CreateDirectory(_folder["note"]);

        Live(note => note.Write(isProcessing: true));
        Live(note => Assert.False(note.IsRecent));
    }

    private void Live(Action<CrashMarker> life)
    {
        using var note = Open();
        life(note);
    }

    private CrashMarker Open() => new(_folder["note"], _clock, NullLogger<CrashMarker>.Instance);
}
