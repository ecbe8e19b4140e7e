using System.Runtime.CompilerServices;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Tests.Support;

/// <summary>Allows the loaders that tests use directly. The program allows each when it first reads the format.</summary>
internal static class TestLoaders
{
    [ModuleInitializer]
    internal static void Allow()
    {
        foreach (var loader in (string[])["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"])
        {
            Libvips.AllowLoader(loader);
        }
    }
}
