using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>The options that say how thumbnails are made.</summary>
/// <param name="allowsAuto">Whether the format can depend on who asks for the thumbnail.</param>
internal sealed class ThumbnailArguments(bool allowsAuto = false)
{
    private static readonly string[] Formats = ["same", "jpeg", "png", "webp", "avif"];

    private readonly Option<int?> _width = Number("--width", "-W", "Width of the box in pixels.", "PIXELS");
    private readonly Option<int?> _height = Number("--height", "-H", "Height of the box in pixels.", "PIXELS");
    private readonly Option<string?> _fit = new("--fit") { Description = "Fit within the box (default), fill it, or stretch to it." };
    private readonly Option<string?> _gravity = new("--gravity") { Description = "The part that cover keeps." };
    private readonly Option<string?> _format = new("--format", "-f") { Description = "Format. The default is that of the image." };
    private readonly Option<int?> _quality = Number("--quality", "-q", "1 to 100, for JPEG, WebP and AVIF.", "QUALITY");

    private readonly Option<string?> _background = new("--background")
    {
        Description = "Replaces transparency where the format has none. White by default.",
        HelpName = "#RRGGBB",
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "Metadata that is kept.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _animated = new("--animated") { Description = "Keep all frames of a GIF or WebP." };

    private readonly Option<string?> _preset = new("--preset")
    {
        Description = "A thumbnail that the settings of the service define, instead of these options.",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        _fit.AcceptOnlyFromAmong("inside", "cover", "fill");
        _gravity.AcceptOnlyFromAmong("centre", "attention");
        _format.AcceptOnlyFromAmong(allowsAuto ? ["auto", .. Formats] : Formats);
        _keep.AcceptOnlyFromAmong("copyright", "colourProfile");
        Option[] options = [_width, _height, _fit, _gravity, _format, _quality, _background, _keep, _animated, _preset];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Validators.Add(RequireSize);
    }

    public ThumbnailOptions Read(ParseResult parsed) => new()
    {
        Width = parsed.GetValue(_width),
        Height = parsed.GetValue(_height),
        Fit = ParseOrNull<ThumbnailFit>(parsed.GetValue(_fit)),
        Gravity = ParseOrNull<ThumbnailGravity>(parsed.GetValue(_gravity)),
        Format = ParseOrNull<ThumbnailFormat>(parsed.GetValue(_format)),
        Quality = parsed.GetValue(_quality),
        Background = parsed.GetValue(_background),
        Metadata = parsed.GetValue(_keep) is { Length: > 0 } kept ? [.. kept.Select(Parse<ThumbnailMetadata>)] : null,
        Animated = parsed.GetValue(_animated) ? true : null,
        Preset = parsed.GetValue(_preset),
    };

    private void RequireSize(CommandResult command)
    {
        if (command.GetResult(_width) is null && command.GetResult(_height) is null && command.GetResult(_preset) is null)
        {
            command.AddError("Set --width, --height or --preset.");
        }
    }

    private static Option<int?> Number(string name, string alias, string description, string placeholder) => new(name, alias)
    {
        Description = description,
        HelpName = placeholder,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"{name} must be a whole number, unlike '{result.Tokens[0].Value}'.");

            return null;
        },
    };

    private static T? ParseOrNull<T>(string? text)
        where T : struct, Enum => text is null ? null : Parse<T>(text);

    private static T Parse<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);
}
