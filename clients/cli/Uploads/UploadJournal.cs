using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageResize.Cli.Results;

namespace ImageResize.Cli.Uploads;

/// <summary>
/// Records the source of each uploaded file, one line each, so that an interrupted run can continue and results have the names of the
/// files. A file that has changed since counts as a new one.
/// </summary>
internal sealed class UploadJournal : IDisposable
{
    /// <summary>Longer than services usually keep uploads.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(60);

    private readonly string _file;
    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    private readonly StreamWriter _writer;

    private UploadJournal(string file)
    {
        _file = file;
        foreach (var entry in ReadEntries(file))
        {
            _entries[entry.Path] = entry;
        }

        var isComplete = EndsWithLine(file);
        _writer = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        if (!isComplete)
        {
            _writer.WriteLine();
        }
    }

    /// <param name="arguments">The arguments of the command. The same arguments continue the same journal.</param>
    public static UploadJournal Open(Uri address, IEnumerable<string> arguments)
    {
        var identity = string.Join('\n', arguments.Select(Path.GetFullPath).Order().Prepend(address.AbsoluteUri));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
        Directory.CreateDirectory(Settings.StateFolder);
        DeleteExpired();

        return new UploadJournal(Path.Combine(Settings.StateFolder, $"uploads-{hash}.ndjson"));
    }

    /// <summary>The names of a batch's uploads, by source. Empty if another machine submitted it.</summary>
    public static Dictionary<string, string> FindNames(string batch)
    {
        var names = new Dictionary<string, string>();
        var pointer = PointerOf(batch);
        foreach (var entry in File.Exists(pointer) ? ReadEntries(File.ReadAllText(pointer)) : [])
        {
            names[entry.Source] = entry.Name;
        }

        return names;
    }

    /// <summary>Returns the source of a file that was uploaded and has not changed since.</summary>
    public string? FindSource(Entry file) =>
        _entries.TryGetValue(file.Path, out var known) && file == known with { Source = file.Source } ? known.Source : null;

    public void Add(Entry file)
    {
        var line = JsonSerializer.Serialize(file, CliJson.Default.Entry);
        lock (_writer)
        {
            _writer.WriteLine(line);
        }
    }

    /// <summary>Remembers that the uploads are those of a batch.</summary>
    public void AddBatch(string id) => File.WriteAllText(PointerOf(id), _file);

    /// <summary>Gives a batch the names of another, whose jobs it repeats.</summary>
    public static void CopyNames(string from, string to)
    {
        if (File.Exists(PointerOf(from)))
        {
            File.Copy(PointerOf(from), PointerOf(to), overwrite: true);
        }
    }

    public void Dispose() => _writer.Dispose();

    private static string PointerOf(string batch) => Path.Combine(Settings.StateFolder, $"batch-{Path.GetFileName(batch)}");

    private static IEnumerable<Entry> ReadEntries(string file) =>
        !File.Exists(file) ? [] : File.ReadLines(file).Select(Parse).OfType<Entry>();

    private static Entry? Parse(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(line, CliJson.Default.Entry);

            return entry is { Path: not null, Name: not null, Source: not null } ? entry : null;
        }
        catch (JsonException)
        {
            // The process ended while it wrote the line.
            return null;
        }
    }

    private static bool EndsWithLine(string file)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read);
        if (stream.Length == 0)
        {
            return true;
        }

        stream.Seek(-1, SeekOrigin.End);

        return stream.ReadByte() == '\n';
    }

    private static void DeleteExpired()
    {
        foreach (var file in new DirectoryInfo(Settings.StateFolder).EnumerateFiles())
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > MaxAge)
            {
                file.Delete();
            }
        }
    }

    internal sealed record Entry(string Path, string Name, long Bytes, DateTime Modified, string Source)
    {
        /// <summary>Describes a file before it is uploaded.</summary>
        public static Entry Of(LocalImage image)
        {
            var file = new FileInfo(image.Path);

            return new Entry(image.Path, image.Name, file.Length, file.LastWriteTimeUtc, Source: "");
        }
    }
}
