using ImageResize.Client;

namespace ImageResize.Cli.Uploads;

/// <summary>The sources that the arguments of <c>batch</c> name.</summary>
internal sealed record BatchSources
{
    /// <summary>The arguments that are local folders and images.</summary>
    public List<string> Local { get; } = [];

    public List<LocalImage> Images { get; } = [];

    /// <summary>The number of files in these folders that are not images.</summary>
    public int Others { get; private set; }

    /// <summary>The sources that the service reads itself.</summary>
    public IReadOnlyCollection<BatchItem> Remote => _remote;

    private readonly List<BatchItem> _remote = [];

    /// <summary>A blob of items.</summary>
    public string? Manifest { get; private set; }

    /// <param name="output">A folder that is left out, because it receives thumbnails.</param>
    /// <exception cref="UsageException">There is nothing to do, or the arguments cannot be combined.</exception>
    public static BatchSources Read(string[] arguments, bool isRecursive, string? output)
    {
        var sources = new BatchSources();
        foreach (var argument in arguments)
        {
            sources.Add(argument, isRecursive, output);
        }

        if (sources.Manifest is not null && arguments.Length > 1)
        {
            throw new UsageException("A manifest of the service cannot be combined with other sources.");
        }

        sources.NumberEqualNames();

        return sources;
    }

    /// <summary>Images of several folders can have the same name, and their thumbnails are saved in one folder.</summary>
    private void NumberEqualNames()
    {
        var taken = Images.Select(image => image.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Images.Count; i++)
        {
            var name = Images[i].Name;
            if (seen.Add(name))
            {
                continue;
            }

            var extension = Path.GetExtension(name);
            var number = 2;
            while (!taken.Add(name = $"{Images[i].Name[..^extension.Length]} ({number}){extension}"))
            {
                number++;
            }

            Images[i] = Images[i] with { Name = name };
        }
    }

    private void Add(string argument, bool isRecursive, string? output)
    {
        if (Directory.Exists(argument))
        {
            AddFolder(argument, isRecursive, output);
        }
        else if (File.Exists(argument) && ManifestFile.IsName(argument))
        {
            _remote.AddRange(ManifestFile.Read(argument));
        }
        else if (File.Exists(argument))
        {
            Local.Add(argument);
            Images.Add(new LocalImage(Path.GetFullPath(argument), Path.GetFileName(argument)));
        }
        else if (argument.StartsWith("blob://", StringComparison.Ordinal) && ManifestFile.IsName(argument))
        {
            Manifest = argument;
        }
        else
        {
            _remote.Add(new BatchItem(argument));
        }
    }

    private void AddFolder(string folder, bool isRecursive, string? output)
    {
        var (images, others) = LocalImages.In(folder, isRecursive, output);
        if (images.Count == 0)
        {
            var hint = !isRecursive && Directory.EnumerateDirectories(folder).Any() ? " To include its subfolders, add --recursive." : "";
            throw new UsageException($"There are no images in {folder}.{hint}");
        }

        Local.Add(folder);
        Images.AddRange(images);
        Others += others;
    }
}
