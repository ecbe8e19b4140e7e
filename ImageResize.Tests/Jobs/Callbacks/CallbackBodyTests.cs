using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;

namespace ImageResize.Tests.Jobs.Callbacks;

public sealed class CallbackBodyTests
{
    private static readonly DateTimeOffset EndedAt = new(2026, 11, 23, 14, 30, 5, TimeSpan.FromHours(2));

    [Fact]
    public void It_says_which_batch_has_ended_when_and_how() =>
        Assert.Equal(
            """
            {"type":"batch.completed","timestamp":"2026-11-23T12:30:05Z",
            "data":{"id":"$ID","name":"spring","state":"completed","total":10,
            "counts":{"succeeded":7,"failed":3,"canceled":0}}}
            """.ReplaceLineEndings(""),
            Body("spring", new CallbackStatus(EndedAt, 10, new JobCounts(7, 3))));

    [Fact]
    public void What_has_no_result_in_a_canceled_batch_was_canceled() =>
        Assert.Equal(
            """
            {"type":"batch.completed","timestamp":"2026-11-23T12:30:05Z",
            "data":{"id":"$ID","state":"canceled","total":10,
            "counts":{"succeeded":4,"failed":1,"canceled":5}}}
            """.ReplaceLineEndings(""),
            Body(name: null, new CallbackStatus(EndedAt, 10, new JobCounts(4, 1, 5)) { IsCanceled = true }));

    private static string Body(string? name, CallbackStatus callback)
    {
        var batch = new Batch(BatchId.New(EndedAt)) { Name = name };
        var body = Encoding.UTF8.GetString(CallbackBody.Of(batch, callback));

        return body.Replace(batch.Id.ToString(), "$ID", StringComparison.Ordinal);
    }
}
