using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Operations;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Standalone;

/// <summary>Prints the address, the images folder and a first command to try.</summary>
internal static partial class StartupBanner
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
            Native decoders run    {DecoderPosture.Describe(app.Services)}
            Try                    curl {key}{ExampleFor(url, images, app.Services.GetRequiredService<ImageFileFilter>())}

            """);
        if (!Directory.Exists(images))
        {
            LogNoFolder(app.Logger, images);
        }
    }

    /// <summary>Names an image that exists, or sends one that the user has.</summary>
    private static string ExampleFor(string url, string folder, ImageFileFilter filter) =>
        FindImage(folder, filter) is { } image
            ? $"-X POST '{url}/imageapi?imagePath={FolderPath.Root}/{Uri.EscapeDataString(image)}'"
            : $"--data-binary @photo.jpg -o small.jpg '{url}/v1/thumbnails?width=300'";

    private static string? FindImage(string folder, ImageFileFilter filter)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))
                .FirstOrDefault(name => filter.HasImageExtension(name) && !ImageFileFilter.IsHidden(name) && !name.Contains('\''));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(
        19008,
        LogLevel.Warning,
        "The images folder {Folder} does not exist. Requests for files will fail: set ImageResize__Sources__ImagesRoot, or mount it",
        EventName = "StartupBannerNoFolder")]
    private static partial void LogNoFolder(ILogger logger, string folder);
}
