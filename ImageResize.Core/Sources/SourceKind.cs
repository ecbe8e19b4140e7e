namespace ImageResize.Core.Sources;

/// <summary>What a source is.</summary>
public enum SourceKind
{
    Missing,
    File,
    Folder,
}
