using ImageResize.Core.Idempotency;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Core;

/// <summary>Registers the handling of idempotency keys.</summary>
public static class IdempotencyServiceCollectionExtensions
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) => services.AddSingleton<IdempotencyService>();
}
