using System.Text.Json;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Jobs.Requests;

/// <summary>
/// The name of a thumbnail contains a hash of this JSON. If either changes, existing thumbnails are made again under other names.
/// </summary>
public sealed class ThumbnailRequestTests
{
    private static readonly ThumbnailRequest Plain = new() { Width = 50 };

    private static readonly ThumbnailRequest WebP = new()
    {
        Width = 120,
        Height = 80,
        Fit = Fit.Cover,
        Format = new OutputFormat(ImageFormat.WebP),
    };

    private static readonly ThumbnailRequest Full = new()
    {
        Height = 60,
        Gravity = Gravity.Attention,
        Format = new OutputFormat(ImageFormat.Png),
        Quality = 70,
        Background = "#102030",
        Metadata = [MetadataKind.Copyright, MetadataKind.ColourProfile],
        Animated = true,
    };

    public static TheoryData<ThumbnailRequest, string> Jsons { get; } = new()
    {
        {
            Plain,
            """{"Width":50,"Height":4096,"Fit":0,"Gravity":0,"Format":null,"Quality":null,"Background":null,"Keep":0,"Animated":false}"""
        },
        {
            WebP,
            """{"Width":120,"Height":80,"Fit":1,"Gravity":0,"Format":3,"Quality":null,"Background":null,"Keep":0,"Animated":false}"""
        },
        {
            Full,
            """{"Width":4096,"Height":60,"Fit":0,"Gravity":1,"Format":1,"Quality":70,"Background":"#102030","Keep":3,"Animated":true}"""
        },
    };

    public static TheoryData<ThumbnailRequest, string> Names { get; } = new()
    {
        { Plain, "CogentLabs_50x-fab98ce643525723f6046ab5aad7c81f.jpg" },
        { WebP, "CogentLabs_120x80-e51c4164b9ff0333bb99596e8089749f.webp" },
        { Full, "CogentLabs_x60-e07e846e5a9aaaeef701e2f20c9a4fcb.png" },
    };

    [Theory]
    [MemberData(nameof(Jsons))]
    public void The_JSON_behind_the_hash_in_names_is_fixed(ThumbnailRequest request, string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(request.ToNamedSpec()));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_name_of_a_thumbnail_is_fixed(ThumbnailRequest request, string name)
    {
        var action = request.ToAction();
        var format = action.Spec.Format;

        var thumbnail = new ThumbnailName(action.Suffix, (format ?? ImageFormat.Jpeg).GetExtension(), IsConverted: format is not null);

        Assert.Equal(name, thumbnail.For("CogentLabs.jpg"));
    }
}
