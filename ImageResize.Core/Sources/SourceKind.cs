namespace ImageResize.Core.Sources;

/// <summary>Whether a source is a file, a folder or missing.</summary>
public enum SourceKind
{
    Missing,
    File,
    Folder,
}
