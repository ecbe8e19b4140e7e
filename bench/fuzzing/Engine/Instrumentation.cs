using SharpFuzz;

namespace ImageResize.Fuzzing.Engine;

/// <summary>Adds counters to the branches of the assemblies that are tested.</summary>
internal static class Instrumentation
{
    private static readonly string[] Assemblies = ["ImageResize.Core.dll", "ImageResize.Functions.dll", "SixLabors.ImageSharp.dll"];

    /// <summary>Rewrites the assemblies. None of their types may have been used by this process.</summary>
    public static void Run(string folder)
    {
        foreach (var path in Assemblies.Select(name => Path.Combine(folder, name)))
        {
            var types = Fuzzer.Instrument(path, IsTested, Options.Value);
            Console.WriteLine($"{Path.GetFileName(path)}: {types.Count()} types");
        }
    }

    /// <summary>Of ImageSharp, only the decoder of TGA reads files.</summary>
    private static bool IsTested(string type) =>
        !type.StartsWith("SixLabors.", StringComparison.Ordinal)
        || type.StartsWith("SixLabors.ImageSharp.Formats.Tga.", StringComparison.Ordinal);
}
