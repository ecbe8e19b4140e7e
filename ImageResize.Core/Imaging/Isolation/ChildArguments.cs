using System.Globalization;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>What a child process does.</summary>
internal enum ChildMode
{
    /// <summary>Confines itself and then becomes a <see cref="Sandboxed"/> child process.</summary>
    Launch,

    /// <summary>Decodes images in the sandbox that its launcher has begun.</summary>
    Sandboxed,

    /// <summary>Decodes images without a sandbox.</summary>
    Isolated,
}

/// <summary>The last arguments of a child process.</summary>
/// <param name="Parent">The id of the parent process.</param>
/// <param name="Source">
/// The file descriptor of the memory with the source: the parent's, or this process's if it is <see cref="ChildMode.Sandboxed"/>. -1 if
/// sources come through standard input.
/// </param>
internal sealed record ChildArguments(ChildMode Mode, int Parent, int Source)
{
    public IReadOnlyList<string> ToList() =>
        [Mode.ToString(), Parent.ToString(CultureInfo.InvariantCulture), Source.ToString(CultureInfo.InvariantCulture)];

    public static ChildArguments Parse(string[] arguments) => arguments is [.., var mode, var parent, var source]
        ? new ChildArguments(
            Enum.Parse<ChildMode>(mode), int.Parse(parent, CultureInfo.InvariantCulture), int.Parse(source, CultureInfo.InvariantCulture))
        : throw new ArgumentException("A child process is started by this program only.", nameof(arguments));
}
