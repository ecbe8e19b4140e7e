namespace ImageResize.Core.Messages;

/// <summary>The text of a message in a queue: JSON in base64, as the Functions host's own tools write and show it.</summary>
public static class MessageText
{
    public static string Encode(WorkMessage message) => Convert.ToBase64String(MessageJson.Serialize(message));

    /// <returns>Null if the text is not a message of this program.</returns>
    public static WorkMessage? Find(string text)
    {
        var json = new byte[text.Length];

        return Convert.TryFromBase64String(text, json, out var length) ? MessageJson.Find(json.AsSpan(0, length)) : null;
    }
}
