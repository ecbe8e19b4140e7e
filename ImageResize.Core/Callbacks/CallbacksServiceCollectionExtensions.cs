using ImageResize.Core.Callbacks;
using ImageResize.Core.Messages;
using ImageResize.Core.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the callbacks of ended batches.</summary>
public static class CallbacksServiceCollectionExtensions
{
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddSettings<CallbackOptions>("ImageResize:Callbacks");
        services.AddSingleton<CallbackAddressRules>();
        services.AddSingleton<CallbackClient>();
        services.AddSingleton<IMessageHandler<CallbackMessage>, CallbackHandler>();

        return services;
    }
}
