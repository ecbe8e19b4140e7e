// Publishes the function app as Flex Consumption runs it, and packs it:
//
//   dotnet run infra/package.cs out/functions.zip
//
// azd takes a .zip as it is. We make it, for the program must arrive executable, and Windows has no such thing to hand over: so each
// entry says by itself what it may do on Linux, wherever the zip is made.

using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

const string Executable = "ImageResize.Functions";

// Permissions stand in the upper half, as Unix writes them: a file that all may read, and one that all may run too.
const int Readable = 0x81A4 << 16;
const int Runnable = 0x81ED << 16;

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

using (var publish = Process.Start(
    "dotnet",
    ["publish", "ImageResize.Functions", "--configuration", "Release", "--runtime", "linux-x64", "--self-contained", "--output", folder, "--nologo"]))
{
    publish.WaitForExit();
    if (publish.ExitCode != 0)
    {
        return publish.ExitCode;
    }
}

using (var archive = new ZipArchive(File.Create(zip), ZipArchiveMode.Create))
{
    foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
    {
        var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
        var entry = archive.CreateEntryFromFile(file, name, CompressionLevel.Optimal);
        entry.ExternalAttributes = name == Executable ? Runnable : Readable;
    }
}

MarkAsMadeOnUnix(zip);
Console.WriteLine($"{zip}: {new FileInfo(zip).Length / 1_000_000} MB");

return 0;

// Readers look at the permissions only of what was made on Unix. It stands in each entry of the directory at the file's end.
static void MarkAsMadeOnUnix(string zip)
{
    const int EndLength = 22;
    const byte Unix = 3;

    var bytes = File.ReadAllBytes(zip);
    var end = bytes.AsSpan(bytes.Length - EndLength);
    var at = BinaryPrimitives.ReadInt32LittleEndian(end[16..]);
    for (var left = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]); left > 0; left--)
    {
        var entry = bytes.AsSpan(at);
        entry[5] = Unix;
        at += 46
            + BinaryPrimitives.ReadUInt16LittleEndian(entry[28..])
            + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..])
            + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
    }

    File.WriteAllBytes(zip, bytes);
}
