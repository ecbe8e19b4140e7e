using System.ComponentModel;
using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>A folder of the repository with an npm package and its lock file, which is installed on first use.</summary>
internal sealed class NpmPackage(string folder)
{
    // As in the "engines" of the packages.
    private const int MinNodeVersion = 20;

    // npm is a script, and Windows finds scripts only by their full name.
    private static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>The name of what it contains, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>A clause for messages that says what it does.</summary>
    public required string Purpose { get; init; }

    /// <summary>A clause for messages that says what to do without it.</summary>
    public required string Alternative { get; init; }

    /// <exception cref="StartupException">Node.js or npm is missing or too old, or npm failed.</exception>
    public async Task InstallAsync(Action<string> report, CancellationToken cancellationToken)
    {
        await CheckNodeAsync(cancellationToken);
        if (IsInstalled())
        {
            return;
        }

        using var installLock = await LockFile.TakeAsync(Path.Combine(folder, ".install.lock"), cancellationToken);
        if (IsInstalled())
        {
            return; // by another process in the meantime
        }

        report($"Installing {Name} (first run only)...");
        await RunNpmAsync(cancellationToken);
    }

    // npm writes this file at its end, so an interrupted installation does not count.
    private bool IsInstalled()
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc;
    }

    private async Task CheckNodeAsync(CancellationToken cancellationToken)
    {
        var version = await FindNodeVersionAsync(cancellationToken) ?? throw new StartupException(
            $"Node.js is required to run {Name}, {Purpose}: " +
            $"install it from https://nodejs.org, {Alternative}.");

        if (version.Major < MinNodeVersion)
        {
            throw new StartupException(
                $"Node.js {version} is too old to run {Name}: " +
                $"install version {MinNodeVersion} or later from https://nodejs.org, {Alternative}.");
        }
    }

    private async Task<Version?> FindNodeVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await Tool.RunAsync("node", ["--version"], folder, cancellationToken);
            return Version.TryParse(result.Output.TrimStart('v').Split('-')[0], out var version) ? version : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private async Task RunNpmAsync(CancellationToken cancellationToken)
    {
        try
        {
            var npm = await Tool.RunAsync(Npm, ["ci"], folder, cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new StartupException(
                    $"{Name} could not be installed: see the output of `npm ci` in {folder}, {Alternative} ({Summarize(npm.Errors)}).");
            }
        }
        catch (Win32Exception)
        {
            throw new StartupException(
                $"npm, which is part of Node.js, is required to install {Name}: install it from https://nodejs.org, {Alternative}.");
        }
    }

    // npm writes many warnings before the error.
    private static string Summarize(string npmErrors) =>
        string.Join(' ', npmErrors.Split('\n').Where(line => line.StartsWith("npm err", StringComparison.OrdinalIgnoreCase)).Take(4));
}
