using System.Text.Json;
using ImageResize.Functions.Queue;
using Microsoft.AspNetCore.Http;

namespace ImageResize.Tests.Queue;

public sealed class HostEnvelopeTests
{
    [Fact]
    public void A_message_is_unwrapped_as_the_host_sends_it()
    {
        var envelope = HostEnvelope.Of(Parse("""
            {"Data":{"message":"eyJhIjoxfQ=="},"Metadata":{"DequeueCount":"3","ExpirationTime":"2026-11-30T18:54:54+00:00","Id":"\"abc\"","PopReceipt":"\"x\"","sys":{"MethodName":"ProcessWork","UtcNow":"2026-11-23T18:54:54Z","RandGuid":"a"}}}
            """));

        Assert.Equal("{\"a\":1}"u8.ToArray(), envelope.Body);
        Assert.Equal(3, envelope.Delivery);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"Data":{},"Metadata":{"DequeueCount":"1"}}""")]
    [InlineData("""{"Data":{"message":"%"},"Metadata":{"DequeueCount":"1"}}""")]
    [InlineData("""{"Data":{"message":null},"Metadata":{"DequeueCount":"1"}}""")]
    [InlineData("""{"Data":{"message":"eyJhIjoxfQ=="},"Metadata":{}}""")]
    [InlineData("""{"Data":{"message":"eyJhIjoxfQ=="},"Metadata":{"DequeueCount":null}}""")]
    [InlineData("""{"Data":{"message":"eyJhIjoxfQ=="},"Metadata":{"DequeueCount":"x"}}""")]
    public void Anything_else_is_a_bad_request(string text) =>
        Assert.Throws<BadHttpRequestException>(() => HostEnvelope.Of(Parse(text)));

    private static JsonElement Parse(string text) => JsonDocument.Parse(text).RootElement;
}
