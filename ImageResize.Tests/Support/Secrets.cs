namespace ImageResize.Tests.Support;

/// <summary>
/// The keys and passwords of all tests. <c>.ci/run</c> searches for their prefix in everything that the programs under test wrote, so
/// leaks of secrets that are made elsewhere are not found.
/// </summary>
internal static class Secrets
{
    public const string Prefix = "SECRET-CANARY";

    /// <summary>The possible prefixes of a secret in base64.</summary>
    public const string Base64Prefix = "SECRETCANARY";

    public const string ShopKey = Prefix + "-key-of-shop";
    public const string PrinterKey = Prefix + "-key-of-printer";
    public const string AdminKey = Prefix + "-key-of-admin";
}
