using System.Text.RegularExpressions;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Legacy;

/// <summary>Runs the app with some images. The original endpoints must answer byte for byte as the original program did.</summary>
public abstract partial class LegacyApi(Azurite azurite) : IAsyncLifetime
{
    protected const string Root = "/ImageResize/images";

    private protected RunningApp App { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        App = await RunningApp.StartAsync(azurite);
        App.Images.Write("CogentLabs.jpg", TestImages.Jpeg(1996, 830));
        App.Images.Write("Japan/a.jpg", TestImages.Jpeg(400, 300));
        App.Images.Write("text.jpg", "no image"u8.ToArray());
        App.Images.Write("a.jpg[shrink=8]", TestImages.Jpeg(80, 60));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string WithoutId(string body) => Id().Replace(body, "<id>");

    protected string[] FilesOf(string folder) => !Directory.Exists(App.Images[folder])
        ? []
        :
        [
            .. Directory.GetFiles(App.Images[folder], "*", SearchOption.AllDirectories)
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
