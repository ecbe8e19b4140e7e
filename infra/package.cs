// Publishes the function app for Flex Consumption and packs it:
//
//   dotnet run infra/package.cs out/functions.zip
//
// azd deploys a .zip unchanged. It isn't left to azd to publish, because azd would publish for the local machine, with its native libvips.

using System.Diagnostics;
using System.IO.Compression;

if (args is not [{ } zip])
{
    Console.Error.WriteLine("Usage: dotnet run infra/package.cs FILE.zip");
    return 1;
}

zip = Path.GetFullPath(zip);
var folder = Path.ChangeExtension(zip, null);
if (Directory.Exists(folder))
{
    Directory.Delete(folder, recursive: true);
}

// Framework-dependent, because the platform starts the app with its own `dotnet`.
using (var publish = Process.Start(
    "dotnet",
    ["publish", "ImageResize.Functions", "--configuration", "Release", "--runtime",
        "linux-x64", "--no-self-contained", "--output", folder, "--nologo"]))
{
    publish.WaitForExit();
    if (publish.ExitCode != 0)
    {
        return publish.ExitCode;
    }
}

File.Delete(zip);
ZipFile.CreateFromDirectory(folder, zip);
Console.WriteLine($"{zip}: {new FileInfo(zip).Length / 1_000_000} MB");

return 0;
