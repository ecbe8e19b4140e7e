using System.Net;

namespace ImageResize.Client;

/// <summary>The service refused a request, failed, or could not be reached.</summary>
public sealed class ImageResizeException : Exception
{
    /// <summary>The <see cref="Code"/> if there was no response.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Creates the exception.</summary>
    public ImageResizeException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Which error it is, for programs: a code of the API such as <c>batch_not_found</c>, or <see cref="Unreachable"/>.</summary>
    public string Code { get; }

    /// <summary>The status of the response. Null if there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>With <c>invalid_request</c>: the messages for each invalid value, by its path.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>With <c>invalid_items</c>: the first invalid items of a batch.</summary>
    public IReadOnlyList<ItemError> Items { get; init; } = [];

    /// <summary>When the request can succeed, if the service says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The id of the request in the service's logs and traces.</summary>
    public string? TraceId { get; init; }
}

/// <summary>Why an item of a batch is invalid.</summary>
/// <param name="Item">The number of the item, from 0.</param>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people.</param>
public sealed record ItemError(int Item, string Code, string Message);
