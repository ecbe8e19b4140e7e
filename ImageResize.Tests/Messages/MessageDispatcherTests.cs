using System.Text;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Messages;

/// <summary>Queues can contain messages that this program did not send: they are dropped, and nothing else happens.</summary>
public sealed class MessageDispatcherTests : IDisposable
{
    private const string Id = "01a21322-960f-70ac-8940-5b83b5ef6f5b";

    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Json() =>
    [
        "", "plain text", "null", "[]", "{}", """{"batch":"/etc/passwd"}""", """{"do":"Slice","batch":"../../x","slice":0}""",
        $$"""{"do":"Drop","batch":"{{Id}}"}""", """{"version":2,"job":"1","source":"/etc/passwd","size":1000000000}""",
        $$"""{"do":"Slice","batch":"{{Id}}","slice":-1}""", new string('a', 64 * 1024), new string('[', 64 * 1024),
    ];

    public void Dispose() => _rig.Dispose();

    [Theory]
    [Trait("Abuse", "22")]
    [MemberData(nameof(Json))]
    public Task A_message_that_is_not_from_this_program_is_dropped_with_one_warning(string json) =>
        AssertDroppedAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [Trait("Abuse", "22")]
    [InlineData("plain text!")]
    [InlineData("eyJub3Qi")]
    [InlineData("{}")]
    public Task A_message_that_is_not_base64_is_dropped_with_one_warning(string text) => AssertDroppedAsync(text);

    private async Task AssertDroppedAsync(string text)
    {
        await _rig.Work.ProcessAsync(text, dequeueCount: 1, Token);
        Assert.Matches("^Dropped a message of [0-9]+ characters: it was not sent by this program $", Assert.Single(_rig.Log.Lines));

        await _rig.Poison.GiveUpAsync(text, Token);

        Assert.Equal(0, _rig.Queue.Count);
    }
}
