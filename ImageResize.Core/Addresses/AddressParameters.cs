using System.Globalization;
using System.Text.RegularExpressions;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Core.Addresses;

/// <summary>
/// The options of an address, such as <c>w_300,h_200,c_cover,f_auto,q_80</c> or <c>card,e_1790000000</c>: in any order and case, each once.
/// docs/addresses.md has the table. A new option is a letter here and in <see cref="Order"/>, and in the clients.
/// </summary>
public sealed partial record AddressParameters
{
    /// <summary>The letters in the order of the canonical form.</summary>
    private const string Order = "whcgfqbmae";

    private const char Expiry = 'e';
    private const string Auto = "auto";
    private const int MaxLength = 300;

    private readonly string? _preset;
    private ThumbnailRequest _thumbnail = new();

    private AddressParameters(string canonical, string? preset) => (Canonical, _preset) = (canonical, preset);

    /// <summary>The only spelling that signatures are made of: in lower case, a preset first, then the options in their order.</summary>
    public string Canonical { get; }

    /// <summary>Whether the format depends on the <c>Accept</c> header.</summary>
    public bool IsAuto { get; private init; }

    /// <summary>Null for an address that is valid without end.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Whether the address names nothing but this preset, so that callers can't choose options.</summary>
    public string? OnlyPreset => ExpiresAt is null ? _preset : null;

    /// <exception cref="RefusedException">The text is malformed, or an option is unknown or out of its range.</exception>
    public static AddressParameters Parse(string text)
    {
        var parts = text.Length <= MaxLength ? text.ToLowerInvariant().Split(',') : throw Refused($"has more than {MaxLength} characters");
        var options = parts.Where(IsOption)
            .Select(part => (Letter: part[0], Value: part[0] == 'm' ? SortKinds(part[2..]) : part[2..]))
            .OrderBy(option => Order.IndexOf(option.Letter))
            .ToList();
        var presets = parts.Where(part => !IsOption(part)).ToList();
        Check(options, presets);

        var parameters = new AddressParameters(
            string.Join(',', presets.Concat(options.Select(option => $"{option.Letter}_{option.Value}"))), presets.FirstOrDefault())
        {
            IsAuto = options.Contains(('f', Auto)),
            ExpiresAt = options.Find(option => option.Letter == Expiry).Value is { } seconds ? TimeOf(seconds) : null,
            _thumbnail = options.Where(option => option.Letter != Expiry)
                .Aggregate(new ThumbnailRequest(), (thumbnail, option) => Apply(thumbnail, option.Letter, option.Value)),
        };
        var invalid = parameters._preset is null ? InvalidValue.In(parameters._thumbnail).FirstOrDefault().Message : null;

        return invalid is null ? parameters : throw new RefusedException(ErrorCode.InvalidRequest, invalid);
    }

    /// <exception cref="RefusedException">The preset does not exist.</exception>
    public ThumbnailRequest GetThumbnail(PresetOptions presets) => _preset is null ? _thumbnail : presets.Get(_preset);

    private static void Check(List<(char Letter, string Value)> options, List<string> presets)
    {
        if (presets.Find(name => !PresetName().IsMatch(name)) is { } wrong)
        {
            throw Refused(wrong.Length == 0 ? "has an empty part" : $"has '{wrong}', which is no option and no name of a preset");
        }

        if (presets.Count > 1 || (presets.Count == 1 && options.Exists(option => option.Letter != Expiry)))
        {
            throw Refused("has a preset, which has all options. Leave out the others, except e_");
        }

        var letters = options.ConvertAll(option => option.Letter);
        if (letters.Find(letter => !Order.Contains(letter, StringComparison.Ordinal)) is var unknown and not '\0')
        {
            throw Refused($"has {unknown}_, which is unknown. Known are {string.Join(", ", Order.Select(letter => $"{letter}_"))}");
        }

        if (letters.Distinct().Count() < letters.Count)
        {
            throw Refused("has an option twice");
        }
    }

    private static ThumbnailRequest Apply(ThumbnailRequest thumbnail, char letter, string value) => letter switch
    {
        'w' => thumbnail with { Width = NumberOf(letter, value) },
        'h' => thumbnail with { Height = NumberOf(letter, value) },
        'c' => thumbnail with { Fit = WordOf<Fit>(letter, value) },
        'g' => thumbnail with { Gravity = WordOf<Gravity>(letter, value) },
        'f' when value == Auto => thumbnail,
        'f' => thumbnail with { Format = OutputFormat.TryParse(value, out var format) ? format : throw Unknown(letter, value) },
        'q' => thumbnail with { Quality = NumberOf(letter, value) },
        'b' => thumbnail with { Background = "#" + value },
        'm' => thumbnail with { Metadata = [.. value.Split('.').Select(kind => WordOf<MetadataKind>(letter, kind))] },
        'a' => thumbnail with { Animated = bool.TryParse(value, out var isAnimated) ? isAnimated : throw Unknown(letter, value) },
        _ => throw new ArgumentOutOfRangeException(nameof(letter)),
    };

    private static bool IsOption(string part) => part is [>= 'a' and <= 'z', '_', ..];

    private static string SortKinds(string value) => string.Join('.', value.Split('.').Order(StringComparer.Ordinal));

    private static int NumberOf(char letter, string value) =>
        Number().IsMatch(value) && int.TryParse(value, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Unknown(letter, value);

    private static T WordOf<T>(char letter, string value)
        where T : struct, Enum => value.All(char.IsAsciiLetter) && Enum.TryParse<T>(value, ignoreCase: true, out var word)
            ? word
            : throw Unknown(letter, value);

    /// <summary>In the seconds of Unix, up to the year 9999.</summary>
    private static DateTimeOffset TimeOf(string value) =>
        Number().IsMatch(value) && long.TryParse(value, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw Unknown(Expiry, value);

    private static RefusedException Unknown(char letter, string value) => Refused($"has {letter}_{value}, whose value is invalid");

    private static RefusedException Refused(string problem) =>
        new(ErrorCode.InvalidRequest, $"The options part of the address {problem}. It is like w_300,h_200,c_cover.");

    /// <summary>Without zeros at the start, so that a number has one spelling.</summary>
    [GeneratedRegex(@"^(0|[1-9][0-9]{0,11})\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[a-z0-9_-]{1,64}\z")]
    private static partial Regex PresetName();
}
