using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Jobs.Callbacks;

public sealed class CallbackAppTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_calls_back_for_a_batch_of_one_and_stays_outside()
    {
        await using var app = await RunningApp.StartAsync(azurite, $"--ImageResize:Callbacks:Secrets={TestReceivers.Secret()}");
        var store = app.Services.GetRequiredService<IJobStore>();
        var submitter = app.Services.GetRequiredService<JobSubmitter>();

        var batch = await submitter.SubmitAsync(
            submitter.NewBatch() with { Callback = "http://127.0.0.1/" },
            [new Job("/ImageResize/images/missing.jpg", JobActions.OnlyMeasure)],
            Token);
        var callback = await Eventually.Async(
            async () => await store.FindCallbackAsync(batch.Id, Token) is { Attempts: > 0 } tried ? tried : null);

        Assert.Equal((CallbackState.Pending, new JobCounts(0, 1)), (callback.State, callback.Counts));
        Assert.Equal("The host's address is not public.", callback.LastReason);
        Assert.Equal("https://receiver.example/", app.Services.GetRequiredService<CallbackRules>().Check("https://receiver.example"));
    }
}
