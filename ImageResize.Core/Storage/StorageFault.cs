using Azure;

namespace ImageResize.Core.Storage;

/// <summary>Tells whether an exception means that storage is away or busy, and asking again later may help.</summary>
public static class StorageFault
{
    public static bool IsPassing(Exception exception) => exception switch
    {
        RequestFailedException failure => failure.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.All(IsPassing),
        _ => exception is TaskCanceledException or TimeoutException,
    };
}
