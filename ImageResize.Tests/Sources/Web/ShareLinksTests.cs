using ImageResize.Core.Sources.Web;

namespace ImageResize.Tests.Sources.Web;

public sealed class ShareLinksTests
{
    [Theory]
    [InlineData("https://drive.google.com/file/d/1aB-_9/view?usp=sharing", "https://drive.google.com/uc?export=download&id=1aB-_9")]
    [InlineData("http://drive.google.com/file/d/1aB-_9", "https://drive.google.com/uc?export=download&id=1aB-_9")]
    [InlineData("https://drive.google.com/file/u/1/d/1aB-_9/edit", "https://drive.google.com/uc?export=download&id=1aB-_9")]
    [InlineData("https://drive.google.com/open?id=1aB-_9", "https://drive.google.com/uc?export=download&id=1aB-_9")]
    [InlineData("https://drive.google.com/uc?export=view&id=1aB-_9", "https://drive.google.com/uc?export=download&id=1aB-_9")]
    [InlineData(
        "https://drive.google.com/file/d/1aB-_9/view?usp=sharing&resourcekey=0-xyz",
        "https://drive.google.com/uc?export=download&id=1aB-_9&resourcekey=0-xyz")]
    [InlineData("https://drive.google.com/open?id=1%26export=x", "https://drive.google.com/uc?export=download&id=1%26export%3Dx")]
    [InlineData("https://www.dropbox.com/s/k3y/cat.jpg?dl=0", "https://www.dropbox.com/s/k3y/cat.jpg?dl=1")]
    [InlineData("https://www.dropbox.com/s/k3y/cat.jpg", "https://www.dropbox.com/s/k3y/cat.jpg?dl=1")]
    [InlineData("http://dropbox.com/s/k3y/cat.jpg?raw=1", "https://www.dropbox.com/s/k3y/cat.jpg?dl=1")]
    [InlineData(
        "https://www.dropbox.com/scl/fi/k3y/b%C3%A4r.jpg?rlkey=r%2B1&st=s&dl=0",
        "https://www.dropbox.com/scl/fi/k3y/b%C3%A4r.jpg?rlkey=r%2B1&st=s&dl=1")]
    public void A_share_link_is_converted_to_the_address_of_the_file(string link, string direct) =>
        Assert.Equal(direct, ShareLinks.Direct(new Uri(link)).AbsoluteUri);

    [Theory]
    [InlineData("https://drive.google.com/")]
    [InlineData("https://drive.google.com/drive/folders/1aB-_9")]
    [InlineData("https://drive.google.com/open?usp=sharing")]
    [InlineData("https://www.dropbox.com/home")]
    [InlineData("https://www.dropbox.com/scl/fo/k3y/h?rlkey=r&dl=0")]
    [InlineData("https://drive.google.com.evil.example/file/d/1aB-_9/view")]
    [InlineData("https://img.example.com/file/d/1aB-_9/view?dl=0")]
    public void Any_other_address_stays_as_it_is(string address) => Assert.Equal(address, ShareLinks.Direct(new Uri(address)).AbsoluteUri);
}
