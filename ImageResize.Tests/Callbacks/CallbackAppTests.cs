using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Callbacks;

public sealed class CallbackAppTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_single_job_has_a_callback_and_a_private_address_is_not_called()
    {
        await using var app = await RunningApp.StartAsync(azurite, $"--ImageResize:Callbacks:Secrets={TestReceivers.Secret()}");
        var callbacks = app.Services.GetRequiredService<ICallbackStore>();
        var submitter = app.Services.GetRequiredService<BatchSubmitter>();

        var batch = await submitter.SubmitAsync(
            submitter.NewBatch() with { Callback = "http://127.0.0.1/" },
            [new Job("/ImageResize/images/missing.jpg".ToSource(), JobActions.OnlyMeasure)],
            Token);
        var callback = await Eventually.Async(
            async () => await callbacks.FindAsync(batch.Id, Token) is { Attempts: > 0 } tried ? tried : null);

        Assert.Equal((CallbackState.Pending, new JobCounts(0, 1)), (callback.State, callback.Counts));
        Assert.Equal("The host's address is not public.", callback.LastReason);
        var rules = app.Services.GetRequiredService<CallbackAddressRules>();
        Assert.Equal("https://receiver.example/", rules.Normalize("https://receiver.example"));
    }
}
