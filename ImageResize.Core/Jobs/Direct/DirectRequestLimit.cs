using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Direct;

/// <summary>Limits the direct requests that are being processed or wait to be. With more of them, requests would only time out.</summary>
public sealed class DirectRequestLimit(IOptions<DirectOptions> options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _callers = [];
    private int _count;

    /// <param name="caller">Null for a developer without a key.</param>
    /// <returns>The place of the request, to be disposed of when the request has ended.</returns>
    /// <exception cref="RefusedException">There are too many requests, in total or of this caller.</exception>
    public IDisposable Enter(string? caller)
    {
        var name = caller ?? "";
        lock (_lock)
        {
            var own = _callers.GetValueOrDefault(name);
            if (own >= options.Value.MaxRequestsPerCaller)
            {
                throw new RefusedException(
                    ErrorCode.TooManyRequests,
                    $"{own} requests of this caller are already being processed. Try again, or submit a job.")
                {
                    RetryAfter = Pause,
                };
            }

            if (_count >= options.Value.MaxRequests)
            {
                throw Busy("The service is processing as many requests as it can. Try again, or submit a job.");
            }

            _callers[name] = own + 1;
            _count++;
        }

        return new Place(this, name);
    }

    internal static RefusedException Busy(string message) => new(ErrorCode.Busy, message) { RetryAfter = Pause };

    private void Leave(string name)
    {
        lock (_lock)
        {
            _count--;
            if (--_callers[name] == 0)
            {
                _callers.Remove(name);
            }
        }
    }

    private sealed class Place(DirectRequestLimit requestLimit, string name) : IDisposable
    {
        private DirectRequestLimit? _limit = requestLimit;

        public void Dispose() => Interlocked.Exchange(ref _limit, null)?.Leave(name);
    }
}
