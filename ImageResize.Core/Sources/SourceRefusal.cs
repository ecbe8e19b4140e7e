namespace ImageResize.Core.Sources;

/// <summary>Why a source was refused, in the words that callers can rely on.</summary>
public static class SourceRefusal
{
    /// <summary>The text is no source at all, or spells one in a way that we never accept.</summary>
    public const string Invalid = "invalid_source";

    /// <summary>Outside the places that we trust: another folder, container, host or address.</summary>
    public const string NotAllowed = "source_not_allowed";

    public const string NotFound = "source_not_found";

    /// <summary>There, but a folder, a device, a pipe...</summary>
    public const string NotAFile = "source_not_a_file";

    /// <summary>An upload without a byte.</summary>
    public const string Empty = "source_empty";

    /// <summary>More bytes than the settings allow.</summary>
    public const string TooLarge = "source_too_large";

    /// <summary>A web address that answers, but not with a public image.</summary>
    public const string NotPublic = "source_not_public";

    /// <summary>A web address that does not answer in time, or not properly; a blob in the archive.</summary>
    public const string Unreachable = "source_unreachable";
}
