using ImageResize.Core.Errors;
using ImageResize.Core.Quotas;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Quotas;

public sealed class DailyBytesTests : IDisposable
{
    private readonly JobRig _rig = new(quotas: new QuotaOptions { BytesPerDay = 500 });

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_bytes_of_a_caller_are_limited_until_midnight()
    {
        _rig.Bytes.Add("alice", 499);
        _rig.Bytes.EnsureRoom("alice");
        _rig.Bytes.Add("alice", 1);
        _rig.Bytes.EnsureRoom("bob");

        var refusal = Assert.Throws<RefusedException>(() => _rig.Bytes.EnsureRoom("alice"));
        Assert.Equal((ErrorCode.DailyBytesUsed, TimeSpan.FromHours(12)), (refusal.Code, refusal.RetryAfter));
        Assert.Contains("BytesPerDay", refusal.Message, StringComparison.Ordinal);

        _rig.Clock.Advance(TimeSpan.FromHours(12));
        _rig.Bytes.EnsureRoom("alice");
        Assert.Equal(0, _rig.Bytes.UsedBy("alice"));
    }

    [Fact]
    public async Task Thumbnails_count_and_further_jobs_are_refused()
    {
        _rig.Sources["a.jpg"] = TestImages.Jpeg(400, 300);
        await _rig.SubmitAsync("a.jpg");
        await _rig.WorkAsync();

        Assert.InRange(_rig.Bytes.UsedBy(null), 500, 10_000);
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _rig.SubmitAsync("a.jpg"));
        Assert.Equal(ErrorCode.DailyBytesUsed, refusal.Code);
    }
}
