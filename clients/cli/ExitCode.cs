namespace ImageResize.Cli;

/// <summary>The exit codes, which docs/clients.md lists.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Some images could not be used.</summary>
    public const int ImagesFailed = 1;

    /// <summary>The arguments are invalid.</summary>
    public const int Usage = 2;

    /// <summary>The service refused the request.</summary>
    public const int Refused = 3;

    /// <summary>The service could not be reached, or failed.</summary>
    public const int Unavailable = 4;

    /// <summary>The batch was canceled.</summary>
    public const int Canceled = 5;

    /// <summary>Ctrl+C, as shells report it.</summary>
    public const int Interrupted = 130;
}
