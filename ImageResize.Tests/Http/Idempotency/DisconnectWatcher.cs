using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>Completes a task when the program notices that a caller disconnected.</summary>
internal sealed class DisconnectWatcher : IStartupFilter
{
    private readonly TaskCompletionSource _noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Noticed => _noticed.Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            using var noticing = context.RequestAborted.Register(() => _noticed.TrySetResult());
            await following(context);
        });
        next(app);
    };
}
