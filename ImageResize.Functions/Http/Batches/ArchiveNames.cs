using System.Text;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Gives each thumbnail in an archive a name of its own: that of its job, or else the place where it is stored.</summary>
internal sealed class ArchiveNames
{
    /// <summary>File systems allow 255 bytes. This leaves room for the size and the number.</summary>
    private const int MaxNameBytes = 200;

    private readonly HashSet<(SourceUri Place, string? Name)> _added = [];

    /// <summary>Windows and macOS do not distinguish case.</summary>
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase) { FailureTable.Name };

    /// <summary>The last number that distinguishes equal names, so that it is not searched from 2 each time.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>Null if the archive contains it: jobs of one batch with equal sources have the same thumbnail.</returns>
    public string? Add(JobResult job, MadeThumbnail thumbnail)
    {
        if (!_added.Add((thumbnail.Source, job.Name)))
        {
            return null;
        }

        if (job.Name is not null)
        {
            return TakeNumbered(NameOf(job.Name, thumbnail, job.Thumbnails!.Count > 1));
        }

        var place = PlaceOf(thumbnail.Source);
        var shorter = WithoutCaller(place);

        return _taken.Add(shorter) ? shorter : TakeNumbered(place);
    }

    private string TakeNumbered(string name)
    {
        if (_taken.Add(name))
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        var number = _numbers.GetValueOrDefault(name, 1);
        string numbered;
        do
        {
            numbered = $"{name[..^extension.Length]} ({++number}){extension}";
        }
        while (!_taken.Add(numbered));

        _numbers[name] = number;

        return numbered;
    }

    /// <summary>The job's name with the extension of the thumbnail's format.</summary>
    /// <param name="isOneOfSeveral">Whether the job has several thumbnails, which their sizes distinguish.</param>
    private static string NameOf(string name, MadeThumbnail thumbnail, bool isOneOfSeveral)
    {
        var shortened = ImageName.Shorten(name, MaxNameBytes, Encoding.UTF8.GetByteCount);
        var named = ImageFormats.FindByExtension(shortened);
        var given = named is null ? "" : Path.GetExtension(shortened);
        var extension = named == thumbnail.Format ? given : thumbnail.Format.GetExtension();

        return shortened[..^given.Length] + (isOneOfSeveral ? $"_{thumbnail.Width}x{thumbnail.Height}" : "") + extension;
    }

    /// <summary>Without the folder of the caller, which tells the caller nothing.</summary>
    private static string WithoutCaller(string place)
    {
        var start = place.IndexOf(ThumbnailOptions.Callers + "/", StringComparison.Ordinal);

        return start < 0 ? place : place[(place.IndexOf('/', start + ThumbnailOptions.Callers.Length + 1) + 1)..];
    }

    /// <summary>The thumbnail's path without the common folder. Each name in it is safe as that of a file everywhere.</summary>
    private static string PlaceOf(SourceUri location) => string.Join(
        '/',
        location.Path.TrimStart('/').Replace("ImageResize/images/resized/", "", StringComparison.Ordinal).Split('/')
            .Select(name => ImageName.Clean(name) ?? "_"));
}
