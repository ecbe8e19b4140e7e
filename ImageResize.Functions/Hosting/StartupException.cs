namespace ImageResize.Functions.Hosting;

/// <summary>The application can't start. The message is one sentence for the user, printed without a stack trace.</summary>
internal sealed class StartupException(string message) : Exception(message);
