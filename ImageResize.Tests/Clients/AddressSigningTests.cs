using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Client;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Addresses;
using ImageResize.Tests.Clients.CommandLine;

namespace ImageResize.Tests.Clients;

/// <summary>The clients make the addresses of the published test vectors.</summary>
public sealed class AddressSigningTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly string[] Expected = [.. AddressVectors.All.Select(vector => vector.Address)];

    [Fact]
    public void The_NET_library_signs_as_published()
    {
        var signer = new AddressSigner(AddressVectors.Key);

        Assert.Equal(Expected, AddressVectors.All.Select(vector => signer.Sign(
            vector.Source, vector.Thumbnail.Deserialize<ThumbnailOptions>(Json)!, TimeOf(vector))));
    }

    [Fact]
    public async Task The_JavaScript_module_signs_as_published()
    {
        const string Script =
            """
            import { signAddress } from "./address.js";
            const { key, vectors } = JSON.parse(process.argv[1]);
            for (const { source, thumbnail, expires } of vectors) {
              console.log(await signAddress({ key, source, thumbnail, expiresAt: expires ? new Date(expires * 1000) : undefined }));
            }
            """;
        var given = JsonSerializer.Serialize(new { key = AddressVectors.Key, vectors = AddressVectors.All }, Json);
        var folder = Path.Combine(RepositoryRoot.Find()!, "clients", "typescript");

        var result = await Tool.RunAsync(
            "node", ["--input-type=module", "--eval", Script, given], folder, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(Expected, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_command_line_signs_as_published_without_a_service()
    {
        using var program = new CommandLineProgram(new Uri("https://cdn.example/img/"));

        foreach (var vector in AddressVectors.All)
        {
            var result = await program.RunAsync(["sign", vector.Source, .. ArgumentsOf(vector), "--signing-key", AddressVectors.Key]);

            Assert.Equal((0, $"https://cdn.example/img{vector.Address}\n"), (result.ExitCode, result.Output));
        }

        var without = await program.RunAsync("sign", "a.jpg", "--width", "10", "--json");
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("IMAGERESIZE_SIGNING_KEY", without.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> ArgumentsOf(AddressVector vector)
    {
        foreach (var option in vector.Thumbnail.EnumerateObject())
        {
            string[] arguments = (option.Name, option.Value.ValueKind) switch
            {
                ("metadata", _) => ["--keep", .. option.Value.EnumerateArray().Select(kind => kind.GetString()!)],
                (_, JsonValueKind.True) => [$"--{option.Name}"],
                _ => [$"--{option.Name}", option.Value.ToString()],
            };
            foreach (var argument in arguments)
            {
                yield return argument;
            }
        }

        if (TimeOf(vector) is { } time)
        {
            yield return "--expires-at";
            yield return time.ToString("o", CultureInfo.InvariantCulture);
        }
    }

    private static DateTimeOffset? TimeOf(AddressVector vector) =>
        vector.Expires is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
