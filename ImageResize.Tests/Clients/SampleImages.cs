using ImageResize.Functions.Hosting;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients;

/// <summary>The images of the repository, which the examples of clients name.</summary>
internal static class SampleImages
{
    public static void CopyTo(TemporaryFolder folder)
    {
        var images = Path.Combine(RepositoryRoot.Find()!, "images");
        foreach (var image in Directory.GetFiles(images, "*", SearchOption.AllDirectories))
        {
            if (Path.GetRelativePath(images, image) is var name && !name.StartsWith("resized", StringComparison.Ordinal))
            {
                folder.Write(name, File.ReadAllBytes(image));
            }
        }
    }
}
