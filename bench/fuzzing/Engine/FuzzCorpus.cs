using System.Security.Cryptography;

namespace ImageResize.Fuzzing.Engine;

/// <summary>The inputs of a target: those of the repository, and those that earlier runs have found.</summary>
internal sealed class FuzzCorpus
{
    private const int NameLength = 16;

    private readonly string? _grown;
    private readonly List<byte[]> _inputs = [];

    /// <param name="folders">
    /// Folders with a subfolder for each target. New inputs are written to the last one, unless it is the only one.
    /// </param>
    public FuzzCorpus(FuzzTarget target, params string[] folders)
    {
        _grown = folders.Length > 1 ? Path.Combine(folders[^1], target.Name) : null;
        foreach (var folder in folders.Select(folder => Path.Combine(folder, target.Name)).Where(Directory.Exists))
        {
            // In the order of names, so that a run with the same seed is the same.
            _inputs.AddRange(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }

        if (_inputs.Count == 0)
        {
            throw new InvalidOperationException($"The target {target.Name} has no inputs in {string.Join(" and ", folders)}.");
        }
    }

    public IReadOnlyList<byte[]> Inputs => _inputs;

    public void Add(byte[] input)
    {
        _inputs.Add(input);
        if (_grown is not null)
        {
            Write(_grown, input);
        }
    }

    public static void Write(string folder, byte[] input)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..NameLength]), input);
    }
}
