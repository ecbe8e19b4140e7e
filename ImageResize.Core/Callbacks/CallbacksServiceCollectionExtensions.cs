using ImageResize.Core.Callbacks;
using ImageResize.Core.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers how receivers are told that a batch has ended.</summary>
public static class CallbacksServiceCollectionExtensions
{
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddOptions<CallbackOptions>().BindConfiguration("ImageResize:Callbacks").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallbackAddressRules>();
        services.AddSingleton<CallbackClient>();
        services.AddSingleton<IMessageHandler<CallbackMessage>, CallbackHandler>();

        return services;
    }
}
