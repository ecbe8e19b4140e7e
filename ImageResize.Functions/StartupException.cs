namespace ImageResize.Functions;

/// <summary>The program cannot start, and its user can do something about it. The message is all that is printed.</summary>
internal sealed class StartupException(string message) : Exception(message);
