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
    public void Who_has_died_at_work_is_remembered_for_an_hour_and_over_further_starts()
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
    public void Who_ended_with_nothing_at_work_has_not_died_of_a_picture()
    {
        Live(note =>
        {
            note.Write(isProcessing: true);
            note.Write(isProcessing: false);
        });

        Live(note => Assert.False(note.IsRecent));
    }

    [Fact]
    public void A_note_stays_only_while_it_has_something_to_say()
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
    public void Who_ends_late_leaves_the_note_to_who_has_begun_meanwhile()
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
    public void Whatever_stands_in_the_file_is_no_reason_not_to_start(int length, bool isTakenForANote)
    {
        _folder.Write("note", [.. Enumerable.Repeat((byte)0xFF, length)]);

        Live(note => Assert.Equal(isTakenForANote, note.IsRecent));
    }

    [Fact]
    public void Where_no_note_can_be_kept_work_goes_on_without()
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
