namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>
/// The roles of an identity in a storage account, and what they allow. From
/// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage: actions and data actions, without their beginning
/// <c>Microsoft.Storage/storageAccounts/</c>.
/// </summary>
internal sealed class StorageRoles(IReadOnlyList<(string Role, string Scope)> assignments)
{
    private static readonly Dictionary<string, string[]> Actions = new()
    {
        [Roles.BlobOwner] = ["blobServices/containers/*", "blobServices/generateUserDelegationKey/action"],
        [Roles.BlobContributor] =
        [
            "blobServices/containers/delete", "blobServices/containers/read", "blobServices/containers/write",
            "blobServices/generateUserDelegationKey/action", "blobServices/containers/blobs/delete", "blobServices/containers/blobs/read",
            "blobServices/containers/blobs/write", "blobServices/containers/blobs/move/action",
            "blobServices/containers/blobs/add/action",
        ],
        [Roles.QueueContributor] =
        [
            "queueServices/queues/delete", "queueServices/queues/read", "queueServices/queues/write",
            "queueServices/queues/messages/delete", "queueServices/queues/messages/read", "queueServices/queues/messages/write",
            "queueServices/queues/messages/process/action",
        ],
        [Roles.QueueSender] = ["queueServices/queues/messages/add/action"],
        [Roles.QueueReader] = ["queueServices/queues/read", "queueServices/queues/messages/read"],
        [Roles.TableContributor] =
        [
            "tableServices/tables/read", "tableServices/tables/write", "tableServices/tables/delete",
            "tableServices/tables/entities/read", "tableServices/tables/entities/write", "tableServices/tables/entities/delete",
            "tableServices/tables/entities/add/action", "tableServices/tables/entities/update/action",
        ],
    };

    /// <summary>The roles in storage that the template assigns to an app.</summary>
    public static StorageRoles Of(Stack stack, string app) =>
        new([.. stack.RolesOf(app).Where(assignment => assignment.Scope.StartsWith(stack.Account, StringComparison.Ordinal))]);

    /// <summary>What the roles do not allow.</summary>
    public IReadOnlyList<RequiredActions> FindRefused(IEnumerable<RequiredActions> required) =>
        [.. required.Where(need => !IsAllowed(need))];

    /// <summary>The assignments without which everything would be allowed, too.</summary>
    public IReadOnlyList<(string Role, string Scope)> FindUnused(IReadOnlyCollection<RequiredActions> required) =>
        [.. assignments.Where(unused => new StorageRoles([.. assignments.Where(kept => kept != unused)]).FindRefused(required).Count == 0)];

    private bool IsAllowed(RequiredActions need) => need.Actions.Split(" | ")
        .Any(choice => choice.Split(" & ").All(action => assignments.Any(assignment => Allows(assignment, need.Queue, action))));

    private static bool Allows((string Role, string Scope) assignment, string? queue, string action)
    {
        var isOnQueue = assignment.Scope.Contains("/queues/", StringComparison.Ordinal);
        var applies = !isOnQueue || (queue is not null && assignment.Scope.EndsWith("/queues/" + queue, StringComparison.Ordinal));

        return applies && Actions[assignment.Role].Any(allowed => allowed == action
            || (allowed.EndsWith('*') && action.StartsWith(allowed[..^1], StringComparison.Ordinal)));
    }
}
