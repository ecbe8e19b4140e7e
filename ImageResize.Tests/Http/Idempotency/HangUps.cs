using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>Tells a test when the program has noticed that a caller hung up.</summary>
internal sealed class HangUps : IStartupFilter
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
