namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>
/// The actions that Azure Storage requires for each request, without their beginning <c>Microsoft.Storage/storageAccounts/</c>. From
/// "Permissions for calling data operations" in https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory.
/// </summary>
internal static class StorageActions
{
    public const string Sign = "blobServices/generateUserDelegationKey/action";

    private const string Container = "blobServices/containers/";
    private const string Blob = Container + "blobs/";
    private const string Queue = "queueServices/queues/";
    private const string Message = Queue + "messages/";
    private const string Table = "tableServices/tables/";
    private const string Entity = Table + "entities/";

    /// <summary>Lists what a request needs. Each is a choice, because some actions include others.</summary>
    /// <exception cref="NotSupportedException">The request is not in the tables below, so its actions have to be looked up.</exception>
    public static IEnumerable<RequiredActions> Of(StorageRequest request)
    {
        if (request.Transaction is not null)
        {
            return request.Parts.SelectMany(Of);
        }

        var actions = request.Service switch
        {
            "blob" => OfBlobs(request),
            "queue" => OfQueues(request),
            _ => OfTables(request),
        };
        var needs = new RequiredActions(request.Service == "queue" && request.Path.Length > 0 ? request.Path[0] : null, actions);

        return
        [
            needs,

            // With an identity, addresses are signed with a key that storage gives it, and allow no more than its roles. Sources of copies
            // are signed, too.
            .. request.IsSigned || request.IsCopy ? [new RequiredActions(null, Sign)] : Array.Empty<RequiredActions>(),
            .. request.IsCopy ? [new RequiredActions(null, Blob + "read")] : Array.Empty<RequiredActions>(),
        ];
    }

    private static string OfBlobs(StorageRequest request) => request.Path.Length switch
    {
        0 => (request.Method, request.Component) switch
        {
            ("GET", "list") => Container + "read",
            ("POST", "userdelegationkey") => Sign,
            _ => throw Unknown(request),
        },
        1 => (request.Method, request.Component) switch
        {
            ("GET" or "HEAD", null) => Container + "read",
            ("GET", "list") => Blob + "read",
            ("PUT", null or "metadata" or "lease") => Container + "write",
            ("DELETE", null) => Container + "delete",
            _ => throw Unknown(request),
        },
        _ => (request.Method, request.Component) switch
        {
            ("GET" or "HEAD", null or "metadata" or "blocklist") => Blob + "read",
            ("PUT", null or "block" or "blocklist" or "metadata" or "properties" or "lease") => Blob + "write",
            ("DELETE", null) => Blob + "delete",
            _ => throw Unknown(request),
        },
    };

    private static string OfQueues(StorageRequest request) => (request.Path.Length, request.Method) switch
    {
        (0, "GET") => Queue + "read",
        (1, "GET" or "HEAD") => Queue + "read",
        (1, "PUT") => Queue + "write",
        (1, "DELETE") => Queue + "delete",
        (2, "POST") => $"{Message}add/action | {Message}write",
        (2, "GET") when request.OnlyPeeks => Message + "read",
        (2, "GET") => $"{Message}process/action | {Message}delete & {Message}read",
        (2, "DELETE") => Message + "delete",
        (3, "PUT") => Message + "write",
        (3, "DELETE") => $"{Message}process/action | {Message}delete",
        _ => throw Unknown(request),
    };

    private static string OfTables(StorageRequest request)
    {
        var isTable = request.Path[0].Split('(')[0] == "Tables";

        return (request.Method, isTable) switch
        {
            ("GET", true) => Table + "read",
            ("POST", true) => Table + "write",
            ("DELETE", true) => Table + "delete",
            ("GET", false) => Entity + "read",
            ("POST", false) => $"{Entity}write | {Entity}add/action",
            ("PUT" or "PATCH" or "MERGE", false) when request.HasCondition => $"{Entity}write | {Entity}update/action",
            ("PUT" or "PATCH" or "MERGE", false) => $"{Entity}write | {Entity}add/action & {Entity}update/action",
            ("DELETE", false) => Entity + "delete",
            _ => throw Unknown(request),
        };
    }

    private static NotSupportedException Unknown(StorageRequest request) =>
        new($"The permissions for {request.Method} {request.Service} {request.Target.Split('?')[0]} {request.Component} are missing here.");
}

/// <param name="Queue">The queue that the request concerns. If null, the whole account, to which roles for blobs and tables apply.</param>
/// <param name="Actions">Alternatives, separated by <c>|</c>. All actions that are joined by <c>&amp;</c> are required.</param>
internal sealed record RequiredActions(string? Queue, string Actions);
