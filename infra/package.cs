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
var published = Run(
    "publish", "ImageResize.Functions", "--configuration", "Release", "--runtime", "linux-x64", "--no-self-contained",
    "--output", folder, "--nologo");
if (published != 0)
{
    return published;
}

// A bill of materials, so that a vulnerability of a package can be looked up in what runs.
var listed = Run("tool", "restore") is var restored and not 0
    ? restored
    : Run(
        "tool", "run", "dotnet-CycloneDX", "ImageResize.Functions/ImageResize.Functions.csproj", "--output", folder,
        "--filename", "sbom.json", "--output-format", "Json", "--disable-package-restore", "--set-name", "ImageResize");
if (listed != 0)
{
    return listed;
}

File.Delete(zip);
ZipFile.CreateFromDirectory(folder, zip);

// Without its hidden folder, the host finds no functions.
using (var package = ZipFile.OpenRead(zip))
{
    string[] needed = ["host.json", "functions.metadata", "worker.config.json", ".azurefunctions/function.deps.json", "libvips.so.42"];
    if (needed.FirstOrDefault(name => package.GetEntry(name) is null) is { } missing)
    {
        Console.Error.WriteLine($"{zip} has no {missing}.");
        return 1;
    }
}

Console.WriteLine($"{zip}: {new FileInfo(zip).Length / 1_000_000} MB");

return 0;

static int Run(params string[] arguments)
{
    using var dotnet = Process.Start("dotnet", arguments);
    dotnet.WaitForExit();

    return dotnet.ExitCode;
}
