using System.Text;
using ImageResize.Core.Batches;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Callbacks;

public sealed class CallbackBodyTests
{
    private static readonly DateTimeOffset EndedAt = new(2026, 11, 23, 14, 30, 5, TimeSpan.FromHours(2));

    [Fact]
    public void The_body_contains_the_batch_its_end_and_its_counts() =>
        Assert.Equal(
            """
            {"type":"batch.completed","timestamp":"2026-11-23T12:30:05Z",
            "data":{"id":"$ID","name":"spring","state":"completed","total":10,
            "counts":{"succeeded":7,"failed":3,"canceled":0}}}
            """.ReplaceLineEndings(""),
            Body("spring", new CallbackStatus(EndedAt, 10, new JobCounts(7, 3))));

    [Fact]
    public void The_body_of_a_canceled_batch_contains_its_state() =>
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
