namespace ImageResize.Tests.Support;

/// <summary>
/// The keys and passwords of all tests. <c>.ci/run</c> looks for what they begin with in everything that the programs under test wrote:
/// a secret of a test that is not made here is a secret whose leak nobody sees.
/// </summary>
internal static class Secrets
{
    public const string Prefix = "SECRET-CANARY";

    /// <summary>What a secret of base64 can begin with.</summary>
    public const string Base64Prefix = "SECRETCANARY";

    public const string ShopKey = Prefix + "-key-of-shop";
    public const string PrinterKey = Prefix + "-key-of-printer";
    public const string AdminKey = Prefix + "-key-of-admin";
}
