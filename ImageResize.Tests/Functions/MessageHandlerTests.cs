using ImageResize.Functions.Functions;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Functions;

/// <summary>Messages that both hosts pass on as they are on the queue.</summary>
public sealed class MessageHandlerTests(Azurite azurite)
{
    [Theory]
    [InlineData("plain text!")]
    [InlineData("")]
    [InlineData("eyJub3Qi")]
    public async Task A_message_of_another_application_is_dropped(string text)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        var messages = app.Services.GetRequiredService<MessageHandler>();

        await messages.ProcessAsync(text, dequeueCount: 1, TestContext.Current.CancellationToken);
        await messages.FailAsync(text, TestContext.Current.CancellationToken);
    }
}
