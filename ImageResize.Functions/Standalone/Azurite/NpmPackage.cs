using System.ComponentModel;

namespace ImageResize.Functions.Development;

/// <summary>A folder with an npm package of ours and its lock file. Installed on first use.</summary>
internal sealed class NpmPackage(string folder)
{
    // As our packages say in their "engines".
    private const int OldestNode = 20;

    // npm is a script; Windows finds scripts only by their full name.
    private static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>What it brings, for people.</summary>
    public required string Name { get; init; }

    /// <summary>What that is good for: a clause.</summary>
    public required string Purpose { get; init; }

    /// <summary>What can be done without it: a clause.</summary>
    public required string Instead { get; init; }

    /// <exception cref="StartupException">Node.js or npm is missing or too old, or npm could not install.</exception>
    public async Task InstallAsync(Action<string> say, CancellationToken cancellationToken)
    {
        await CheckNodeAsync(cancellationToken);
        if (IsInstalled())
        {
            return;
        }

        using var turn = await LockFile.TakeAsync(Path.Combine(folder, ".install.lock"), cancellationToken);
        if (IsInstalled())
        {
            return; // by someone else, while we waited
        }

        say($"Installing {Name} (first run only)...");
        await RunNpmAsync(cancellationToken);
    }

    // npm writes this file when it has finished, so what was broken off half-way does not count.
    private bool IsInstalled()
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc;
    }

    private async Task CheckNodeAsync(CancellationToken cancellationToken)
    {
        var version = await FindNodeVersionAsync(cancellationToken) ?? throw new StartupException(
            $"Node.js is needed to run {Name}, {Purpose}: " +
            $"install it from https://nodejs.org, {Instead}.");

        if (version.Major < OldestNode)
        {
            throw new StartupException(
                $"Node.js {version} is too old to run {Name}: " +
                $"install version {OldestNode} or later from https://nodejs.org, {Instead}.");
        }
    }

    private async Task<Version?> FindNodeVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Tool.RunAsync("node", ["--version"], folder, cancellationToken);
            return Version.TryParse(answer.Output.TrimStart('v').Split('-')[0], out var version) ? version : null;
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
                    $"{Name} could not be installed: see what `npm ci` says in {folder}, {Instead} ({Gist(npm.Errors)}).");
            }
        }
        catch (Win32Exception)
        {
            throw new StartupException(
                $"npm, which comes with Node.js, is needed to install {Name}: install it from https://nodejs.org, {Instead}.");
        }
    }

    // npm warns of many things before it names the one that stopped it.
    private static string Gist(string npmErrors) =>
        string.Join(' ', npmErrors.Split('\n').Where(line => line.StartsWith("npm err", StringComparison.OrdinalIgnoreCase)).Take(4));
}
