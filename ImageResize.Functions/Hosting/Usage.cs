namespace ImageResize.Functions.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text =
        """
        Measures images and makes thumbnails: an HTTP API with queue workers.

        Usage: ImageResize.Functions [--urls ADDRESS] [--SETTING=VALUE]...

          --urls http://127.0.0.1:7071                   where to listen
          --ImageResize:Sources:ImagesRoot=FOLDER        the images folder
          --ImageResize:Keys:NAME=KEY                    the key of the caller NAME, at least 16 characters
          --AzureWebJobsStorage=CONNECTION-STRING        the storage account; in Development, Azurite is started
          --environment Development                      no keys on this machine

        All settings are also environment variables, with __ instead of colons, and described in docs/settings.md. A running program
        describes its API at /docs.
        """;

    public static bool IsRequested(string[] args) => args is ["--help" or "-h" or "-?" or "/?" or "help"];
}
