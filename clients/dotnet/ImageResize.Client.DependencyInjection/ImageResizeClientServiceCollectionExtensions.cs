using ImageResize.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client of ImageResize.</summary>
public static class ImageResizeClientServiceCollectionExtensions
{
    /// <summary>Registers <see cref="ImageResizeClient"/>, whose connections come from <see cref="IHttpClientFactory"/>.</summary>
    /// <returns>A builder that can add handlers, such as one that logs.</returns>
    public static IHttpClientBuilder AddImageResizeClient(
        this IServiceCollection services, Action<ImageResizeClientOptions>? configure = null)
    {
        var options = new ImageResizeClientOptions();
        configure?.Invoke(options);

        return services.AddHttpClient(nameof(ImageResizeClient), http => http.Timeout = ImageResizeClient.RequestTimeout)
            .ConfigurePrimaryHttpMessageHandler(ImageResizeClient.CreateHandler)
            .AddTypedClient(http => new ImageResizeClient(http, options));
    }
}
