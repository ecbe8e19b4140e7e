using ImageResize.Core;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Sources;

public sealed class ImageNamesTests
{
    [Fact]
    public void Folders_list_the_files_of_every_format()
    {
        using var services = new ServiceCollection().AddSources(root => root).BuildServiceProvider();
        var names = services.GetRequiredService<ImageNames>();

        Assert.All(ImageFormats.Extensions, extension => Assert.True(names.IsImage("a" + extension.ToUpperInvariant()), extension));
        Assert.False(names.IsImage("a.txt"));
    }
}
