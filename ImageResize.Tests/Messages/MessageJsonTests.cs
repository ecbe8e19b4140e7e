using System.Text;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;

namespace ImageResize.Tests.Messages;

/// <summary>
/// During an update, instances of both versions share the queues. The texts here are those of the first version, and must never change.
/// </summary>
public sealed class MessageJsonTests
{
    private const string Id = "01a21322-960f-70ac-8940-5b83b5ef6f5b";
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly BatchId Batch = BatchId.TryParse(Id, out var id) ? id : default;

    public static TheoryData<WorkMessage, string> Messages() => new()
    {
        { new SliceMessage(Batch, 0), $$"""{"batch":"{{Id}}"}""" },
        {
            new SliceMessage(Batch, 17) { Priority = MessagePriority.Bulk, Trace = Trace },
            $$"""{"batch":"{{Id}}","slice":17,"trace":"{{Trace}}","lane":"Bulk"}"""
        },
        {
            new SliceMessage(Batch, 99_999) { IsSuspect = true, IsContinuation = true, DeferCount = 3 },
            $$"""{"batch":"{{Id}}","slice":99999,"round":1,"goesOn":true,"waits":3}"""
        },
        { new SliceMessage(Batch, 1) { IsRemote = true }, $$"""{"batch":"{{Id}}","slice":1,"remote":true}""" },
        { new ListMessage(Batch) { Trace = Trace }, $$"""{"batch":"{{Id}}","do":"List","trace":"{{Trace}}","lane":"Bulk"}""" },
        { new ListMessage(Batch) { DeferCount = 2 }, $$"""{"batch":"{{Id}}","do":"List","lane":"Bulk","waits":2}""" },
        { new WatchMessage(Batch), $$"""{"batch":"{{Id}}","do":"Watch"}""" },
        {
            new WatchMessage(Batch) { Round = 12, DeferCount = 4, Trace = Trace },
            $$"""{"batch":"{{Id}}","do":"Watch","round":12,"trace":"{{Trace}}","waits":4}"""
        },
        { new CallbackMessage(Batch), $$"""{"batch":"{{Id}}","do":"Callback","lane":"Bulk"}""" },
        { new CallbackMessage(Batch) { PreviousAttempts = 3 }, $$"""{"batch":"{{Id}}","do":"Callback","round":3,"lane":"Bulk"}""" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_written_as_the_first_version_reads_it(WorkMessage message, string json) =>
        Assert.Equal(json, MessageJson.Serialize(message).ToString());

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_the_first_version_is_read(WorkMessage message, string json) =>
        Assert.Equal(message, MessageJson.Find(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_message_names_its_caller()
    {
        var message = new SliceMessage(Batch, 1) { Caller = "alice" };
        var json = $$"""{"batch":"{{Id}}","slice":1,"caller":"alice"}""";

        Assert.Equal(json, MessageJson.Serialize(message).ToString());
        Assert.Equal(message, MessageJson.Find(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("""{"batch":"$ID","slice":4,"round":7}""")]
    [InlineData("""{"batch":"$ID","slice":4,"round":1,"later":"versions may add names"}""")]
    public void A_slice_that_was_queued_again_is_suspect(string json) =>
        Assert.Equal(new SliceMessage(Batch, 4) { IsSuspect = true }, Find(json));

    [Theory]
    [InlineData("""{"batch":"$ID","do":"List","round":1,"lane":"Bulk"}""")]
    [InlineData("""{"batch":"$ID","do":"List","goesOn":true}""")]
    public void Values_that_a_kind_of_message_does_not_use_are_ignored(string json) => Assert.Equal(new ListMessage(Batch), Find(json));

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"batch":"../../etc/passwd","do":"Slice"}""")]
    [InlineData("""{"batch":null,"do":"Slice"}""")]
    [InlineData("""{"batch":"$ID","do":"Delete"}""")]
    [InlineData("""{"batch":"$ID","do":7}""")]
    [InlineData("""{"batch":"$ID","lane":7}""")]
    [InlineData("""{"batch":"$ID","slice":-1}""")]
    [InlineData("""{"batch":"$ID","slice":1e9}""")]
    [InlineData("""{"batch":"$ID","round":-1}""")]
    [InlineData("""{"batch":"$ID","waits":-1}""")]
    [InlineData("""{"batch":"$ID" """)]
    public void Other_text_is_not_a_message(string text) => Assert.Null(Find(text));

    private static WorkMessage? Find(string json) =>
        MessageJson.Find(Encoding.UTF8.GetBytes(json.Replace("$ID", Id, StringComparison.Ordinal)));
}
