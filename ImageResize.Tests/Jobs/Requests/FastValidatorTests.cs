using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Tests.Jobs.Requests;

public sealed class FastValidatorTests
{
    [Theory]
    [InlineData("""{"width":1}""", true)]
    [InlineData("""{"width":4096,"height":4096,"fit":"cover","quality":100,"background":"#00aaFF","metadata":["copyright"]}""", true)]
    [InlineData("""{"width":0}""", false)]
    [InlineData("""{"height":4097}""", false)]
    [InlineData("""{"width":1,"quality":0}""", false)]
    [InlineData("""{"width":1,"background":"red"}""", false)]
    [InlineData("""{"width":1,"fit":"cover"}""", false)]
    [InlineData("""{"quality":50}""", false)]
    public void A_thumbnail_is_valid_as_the_validator_finds_it(string json, bool expected) =>
        AssertValidity(JsonSerializer.Deserialize<ThumbnailRequest>(json, RequestJson.Options)!, expected);

    [Theory]
    [InlineData("""{"measure":{}}""", true)]
    [InlineData("""{"preset":"small"}""", true)]
    [InlineData("""{}""", false)]
    [InlineData("""{"measure":{},"preset":"small"}""", false)]
    public void An_action_is_valid_as_the_validator_finds_it(string json, bool expected) =>
        AssertValidity(JsonSerializer.Deserialize<ActionRequest>(json, RequestJson.Options)!, expected);

    [Theory]
    [InlineData("a.jpg", 1, true)]
    [InlineData("a.jpg", 17, true)]
    [InlineData("", 1, false)]
    [InlineData("a.jpg", 0, false)]
    [InlineData("a.jpg", 18, false)]
    public void An_item_is_valid_as_the_validator_finds_it(string source, int actions, bool expected)
    {
        var list = new ActionList();
        for (var i = 0; i < actions; i++)
        {
            list.Add(new ActionRequest(new MeasureRequest(), null, null));
        }

        AssertValidity(new ItemRequest(source, list), expected);
    }

    private static void AssertValidity(object part, bool expected)
    {
        Assert.Equal(expected, Validator.TryValidateObject(part, new ValidationContext(part), null, validateAllProperties: true));
        Assert.Equal(expected, FastValidator.IsValid(part));
    }
}
