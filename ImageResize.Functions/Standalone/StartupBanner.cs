using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Functions.Http.Keys;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone;

/// <summary>Prints the address, the images folder and a first command to try.</summary>
internal static class StartupBanner
{
    public static void Print(WebApplication app)
    {
        if (app.Urls.FirstOrDefault() is not { } url)
        {
            return;
        }

        var needsKey = !app.Environment.IsDevelopment();
        var key = needsKey ? $"-H '{RequestKey.Header}: YOUR-KEY' " : "";
        var images = app.Services.GetRequiredService<IOptions<SourcesOptions>>().Value.ImagesRoot;
        Console.WriteLine($"""

            ImageResize listens on {string.Join(", ", app.Urls)}
            Images are in          {images} (callers say {FolderPath.Root})
            Try                    curl {key}-X POST '{url}/imageapi?imagePath={FolderPath.Root}/CogentLabs.jpg'

            """);
    }
}
