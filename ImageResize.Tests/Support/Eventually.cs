using ImageResize.Core.Imaging;

namespace ImageResize.Tests.Support;

/// <summary>Waits for a state, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static Task Async(Func<bool> isSo) => Async(() => Task.FromResult(isSo() ? "so" : null));

    public static Task Async(Func<Task<bool>> isSo) => Async(async () => await isSo() ? "so" : null);

    /// <summary>Polls until the result is true or not null.</summary>
    /// <param name="within">The deadline; two minutes by default.</param>
    public static async Task<T> Async<T>(Func<Task<T?>> find, TimeSpan? within = null)
        where T : class
    {
        var deadline = within ?? Deadline;
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < deadline)
        {
            if (await find() is { } found)
            {
                return found;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"The state was not reached within {deadline}.");
    }
}
