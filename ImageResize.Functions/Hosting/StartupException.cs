namespace ImageResize.Functions;

/// <summary>The program cannot start; its message is one sentence for whoever started it, printed without a stack trace.</summary>
internal sealed class StartupException(string message) : Exception(message);
