using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Fuzzing.Engine;

/// <summary>An input that a target does not handle.</summary>
/// <param name="Kind">What happened, and where: the same fault of several inputs has the same kind.</param>
/// <param name="Details">For people.</param>
internal sealed record Finding(string Kind, byte[] Input, string Details)
{
    private const int HashLength = 12;

    public static Finding Of(Exception fault, byte[] input) =>
        new($"{fault.GetType().Name} in {FindPlace(fault)}", input, fault.ToString());

    /// <summary>Writes the input and its description to two files, named by the kind.</summary>
    /// <returns>The file with the input.</returns>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Kind)))[..HashLength];
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, Input);
        File.WriteAllText(path + ".txt", $"{Kind}\n\n{Details}\n");

        return path;
    }

    /// <summary>The first method of the product that the exception passed.</summary>
    private static string FindPlace(Exception fault)
    {
        var lines = (fault.StackTrace ?? "").Split('\n').Select(line => line.Trim());

        return lines.FirstOrDefault(line => line.StartsWith("at ImageResize.", StringComparison.Ordinal)
            && !line.StartsWith("at ImageResize.Fuzzing.", StringComparison.Ordinal))?.Split('(')[0][3..] ?? "the target";
    }
}
