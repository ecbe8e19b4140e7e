namespace ImageResize.Tests.Deployment;

/// <summary>Ids of Azure's built-in roles.</summary>
internal static class Roles
{
    public const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    public const string BlobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    public const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    public const string QueueSender = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
    public const string QueueReader = "19e7f393-937e-4f77-808e-94535e297925";
    public const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    public const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    public const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    public const string ImagePuller = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
}
