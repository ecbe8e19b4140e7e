using System.Text;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Jobs;

public sealed class WorkMessageTests
{
    private static readonly BatchId Id = BatchId.New(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(WorkKind.Slice, 99_999, 3, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData(WorkKind.List, 0, 0, null)]
    [InlineData(WorkKind.Watch, 0, 12, null)]
    [InlineData(WorkKind.Callback, 0, 3, null)]
    public void A_message_is_read_back_as_written(WorkKind kind, int slice, int round, string? trace)
    {
        var message = new WorkMessage(kind, Id, slice, round, trace, kind == WorkKind.List ? WorkLane.Bulk : WorkLane.Small);

        Assert.Equal(message, WorkMessage.Find(message.ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"batch\":\"../../etc/passwd\",\"do\":\"Slice\"}")]
    [InlineData("{\"batch\":null,\"do\":\"Slice\"}")]
    [InlineData("{\"batch\":\"$ID\",\"do\":\"Delete\"}")]
    [InlineData("{\"batch\":\"$ID\",\"do\":7}")]
    [InlineData("{\"batch\":\"$ID\",\"slice\":-1}")]
    [InlineData("{\"batch\":\"$ID\",\"slice\":1e9}")]
    [InlineData("{\"batch\":\"$ID\"")]
    public void What_is_not_ours_is_no_message(string text) =>
        Assert.Null(WorkMessage.Find(Encoding.UTF8.GetBytes(text.Replace("$ID", Id.ToString(), StringComparison.Ordinal))));
}
