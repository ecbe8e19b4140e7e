using ImageResize.Core.Storage;
using ImageResize.Functions.Standalone;
using ImageResize.Functions.Standalone.LocalStorage;
using Microsoft.Extensions.Configuration;

namespace ImageResize.Tests.Standalone.LocalStorage;

/// <summary>Two clones on one machine share its Azurite, but no messages and results.</summary>
public sealed class CloneNamesTests
{
    private const string TablePrefix = "ImageResize:Storage:TablePrefix", WorkQueue = "ImageResize:Storage:WorkQueue";

    [Fact]
    public void Each_clone_has_names_of_its_own()
    {
        var (one, other) = (CloneNames.Of("/home/ann/ImageResize"), CloneNames.Of("/home/ann/ImageResize2"));

        Assert.Equal(2, one.Count);
        Assert.All(one, name => Assert.NotEqual(name.Value, other[name.Key]));
    }

    [Fact]
    public void The_names_of_a_clone_are_valid()
    {
        var names = CloneNames.Of("/home/ann/ImageResize");
        var options = new StorageOptions { TablePrefix = names[TablePrefix]!, WorkQueue = names[WorkQueue]! };

        System.ComponentModel.DataAnnotations.Validator.ValidateObject(options, new(options), validateAllProperties: true);
    }

    [Fact]
    public void Only_Azurite_in_Development_has_the_names_of_a_clone_and_settings_replace_them()
    {
        Assert.StartsWith("imageresize-work-c", QueueOf("--environment=Development"), StringComparison.Ordinal);
        Assert.Equal("mine", QueueOf("--environment=Development", $"--{WorkQueue}=mine"));
        Assert.Null(QueueOf("--environment=Production", "--AzureWebJobsStorage=UseDevelopmentStorage=true"));
        Assert.Null(QueueOf("--environment=Development", $"--AzureWebJobsStorage={AzuritePorts.WellKnown.ConnectionString}"));
    }

    private static string? QueueOf(params string[] arguments) => StandaloneHost.CreateBuilder(arguments).Configuration[WorkQueue];
}
