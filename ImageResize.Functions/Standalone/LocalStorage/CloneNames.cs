using System.Security.Cryptography;
using System.Text;
using ImageResize.Functions.Hosting;
using Microsoft.Extensions.Configuration.Memory;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>
/// Gives each clone of the repository tables and queues of its own in the machine's Azurite. Otherwise one would take the other's
/// messages, whose images it does not have.
/// </summary>
internal static class CloneNames
{
    private const int HashLength = 8;

    /// <summary>Adds the names as defaults, if storage is the Azurite of a developer's machine. Settings replace them.</summary>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var isShared = builder.Environment.IsDevelopment()
            && StorageSettings.ConnectionString(builder.Configuration, builder.Environment) == StorageSettings.Development;
        if (isShared && RepositoryRoot.Find() is { } root)
        {
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Of(root) });
        }
    }

    /// <summary>Starts with a letter, so that the name of a day's table cannot be that of another clone.</summary>
    internal static Dictionary<string, string?> Of(string root)
    {
        var clone = "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..HashLength];

        return new()
        {
            ["ImageResize:Storage:TablePrefix"] = $"imageresize{clone}",
            ["ImageResize:Storage:WorkQueue"] = $"imageresize-work-{clone}",
        };
    }
}
