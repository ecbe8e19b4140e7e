using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the services that dispatch, retry and give up queue messages.</summary>
public static class MessagesServiceCollectionExtensions
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CallerSlots(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LongWaits>();
        services.AddSingleton<MessageThrottle>();
        services.AddSingleton<MessageHandlers>();
        services.AddSingleton<MessageRetryPolicy>();
        services.AddSingleton<MessageDispatcher>();
        services.AddSingleton<PoisonMessageHandler>();

        return services;
    }
}
