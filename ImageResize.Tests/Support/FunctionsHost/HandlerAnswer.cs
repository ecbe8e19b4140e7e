using System.Text.Json;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>What the handler said to a trigger, and what the host makes of it.</summary>
internal sealed record HandlerAnswer(int Status, string Body)
{
    /// <summary>2xx with a JSON object. Text, an array, null, nothing: failure, or worse, an invocation that hangs.</summary>
    public bool IsSuccess
    {
        get
        {
            try
            {
                return Status is >= 200 and < 300 && JsonDocument.Parse(Body).RootElement.ValueKind == JsonValueKind.Object;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
