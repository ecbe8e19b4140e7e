using ImageResize.Tests.Support;

namespace ImageResize.Tests.Contract;

/// <summary>The requests of a conversation: at least one, good or bad, for each endpoint.</summary>
internal static class ConversationScript
{
    private const string Job =
        """{ "source": "photo.jpg", "actions": [ { "measure": {} }, """ +
        """{ "thumbnail": { "width": 120, "height": 80, "fit": "cover", "format": "webp" } } ] }""";

    public static async Task<Conversation> SendAsync(Conversation caller)
    {
        await CallLegacyEndpointsAsync(caller);
        await CallJobsAsync(caller);
        await CallUploadsAsync(caller);
        await CallDirectEndpointsAsync(caller);
        await CallBatchesAsync(caller);
        await CallMissingResourcesAsync(caller);
        await CallMethodsAndAddressesAsync(caller);
        await DeleteAsync(caller);

        return caller;
    }

    /// <summary>Ids 0 to 5.</summary>
    private static async Task CallLegacyEndpointsAsync(Conversation caller)
    {
        await caller.SendAsync("GET /imageapi?imagePath=/ImageResize/images/photo.jpg");
        await caller.SendAsync("GET /result?jobId={0}", until: "successfully");
        await caller.SendAsync("POST /imageapi?imagePath=photo.jpg");
        await caller.SendAsync("GET /result?jobId={1}", until: "Resize");
        await caller.SendAsync("POST /imageapi?imagePath=turned.jpg&customizedSize=50");
        await caller.SendAsync("GET /result?jobId={2}", until: "Resize");
        await caller.SendAsync("POST /imageapi?imagePath=text.jpg");
        await caller.SendAsync("GET /result?jobId={3}", until: "Resize");
        await caller.SendAsync("GET /imageapi?imagePath=text.jpg");
        await caller.SendAsync("GET /result?jobId={4}", until: "not a valid image");
        await caller.SendAsync("POST /imageapi?imagePath=/ImageResize/images/folder/");
        await caller.SendAsync("GET /result?jobId={5}-0", until: "Resize");
        await caller.SendAsync("GET /result?jobId={5}-1", until: "Resize");
        await caller.SendAsync("GET /result?jobId={5}-2");
        await caller.SendAsync("GET /imageapi");
        await caller.SendAsync("POST /imageapi");
        await caller.SendAsync("GET /result");
        await caller.SendAsync("GET /result?jobId=nobody");
        await caller.SendAsync("GET /result?jobId=a&jobId=b");
        await caller.SendAsync("POST /imageapi?imagePath=missing.jpg");
        await caller.SendAsync("POST /imageapi?imagePath=../secret.jpg");
        await caller.SendAsync("POST /imageapi?imagePath=a%00.jpg");
        await caller.SendAsync("POST /imageapi?imagePath=photo.jpg&customizedSize=abc");
        await caller.SendAsync("POST /imageapi?imagePath=photo.jpg&customizedSize=0");
        await caller.SendAsync("POST /imageapi?imagePath=photo.jpg&imagePath=logo.png");
    }

    /// <summary>Ids 6 to 8.</summary>
    private static async Task CallJobsAsync(Conversation caller)
    {
        await caller.SendAsync("POST /v1/jobs", Job);
        await caller.SendAsync("GET /v1/jobs/{6}?wait=20", until: "succeeded");
        await caller.SendAsync("GET /v1/jobs/{6}/thumbnails/0");
        await caller.SendAsync("GET /v1/jobs/{6}/thumbnails/1");
        await caller.SendAsync("GET /v1/jobs/{6}?wait=61");
        await caller.SendAsync("GET /v1/jobs/{6}?wait=soon");
        await caller.SendAsync("POST /v1/jobs", Job, key: "a key");
        await caller.SendAsync("POST /v1/jobs", Job, key: "a key");
        await caller.SendAsync("POST /v1/jobs", Job.Replace("120", "121", StringComparison.Ordinal), key: "a key");
        await caller.SendAsync("POST /v1/jobs", Job, key: new string('k', 256));
        await caller.SendAsync("POST /v1/jobs",
            """{ "source": "logo.png", "actions": [ { "thumbnail": { "width": 30, "format": "jpeg", "background": "#102030" } } ] }""");
        await caller.SendAsync("GET /v1/jobs/{8}?wait=20", until: "succeeded");
        await caller.SendAsync("POST /v1/jobs", """{ "source": "folder/", "actions": [ { "measure": {} } ] }""");
        await caller.SendAsync("POST /v1/jobs", """{ "source": "photo.jpg", "actions": [ { "thumbnail": { "width": 0 } } ] }""");
        await caller.SendAsync("POST /v1/jobs", """{ "source": "photo.jpg", "actions": [] }""");
        await caller.SendAsync("POST /v1/jobs", """{ "source": "http://127.0.0.1/a.jpg", "actions": [ { "measure": {} } ] }""");
        await caller.SendAsync("POST /v1/jobs", """{ "source": """);
        await caller.SendAsync("POST /v1/jobs", "a=b", type: "application/x-www-form-urlencoded");
    }

    /// <summary>Ids 9 and 10.</summary>
    private static async Task CallUploadsAsync(Conversation caller)
    {
        await caller.SendAsync(
            "POST /v1/images", new ByteArrayContent(TestImages.Jpeg(90, 60)) { Headers = { ContentType = new("image/jpeg") } });
        await caller.SendAsync("GET /v1/images/{9}");
        await caller.SendAsync("POST /v1/images?keepNames=perhaps");
        await caller.SendAsync("GET /v1/images");
        await caller.SendAsync("GET /v1/images?after=nobody");
        await caller.SendAsync("GET /v1/watches");
        await caller.SendAsync(
            "POST /v1/measure", new ByteArrayContent(TestImages.Jpeg(90, 60)) { Headers = { ContentType = new("image/jpeg") } });
        await caller.SendAsync(
            "POST /v1/thumbnails?width=30", new ByteArrayContent(TestImages.Png(90, 60)) { Headers = { ContentType = new("image/png") } });
        await caller.SendAsync("POST /v1/thumbnails", """{ "source": "photo.jpg", "width": 30, "format": "webp" }""");
        await caller.SendAsync("POST /v1/thumbnails", """{ "source": "photo.jpg" }""");
        await caller.SendAsync("POST /v1/jobs", """{ "source": "upload://{9}", "actions": [ { "measure": {} } ], "name": "a/b.jpg" }""");
        await caller.SendAsync("GET /v1/jobs/{10}?wait=20", until: "succeeded");
        await caller.SendAsync(
            "POST /v1/images", new ByteArrayContent("no image"u8.ToArray()) { Headers = { ContentType = new("image/png") } });
        await caller.SendAsync("POST /v1/images", new ByteArrayContent([]) { Headers = { ContentType = new("image/png") } });
    }

    private static async Task CallDirectEndpointsAsync(Conversation caller)
    {
        await caller.SendAsync("POST /v1/thumbnails", """{ "source": "photo.jpg", "width": 80, "format": "webp" }""");
        await caller.SendAsync(
            "POST /v1/thumbnails?width=40&format=auto",
            new ByteArrayContent(TestImages.Png(90, 60)) { Headers = { ContentType = new("image/png") } });
        await caller.SendAsync("POST /v1/thumbnails", """{ "source": "text.jpg", "width": 80 }""");
        await caller.SendAsync("POST /v1/thumbnails?width=0", """{ "source": "photo.jpg" }""");
        await caller.SendAsync("POST /v1/measure", """{ "source": "turned.jpg" }""");
        await caller.SendAsync("POST /v1/measure", """{ "source": "missing.jpg" }""");
        await caller.SendAsync("GET /t/unsigned/card/photo.jpg");
        await caller.SendAsync("HEAD /t/unsigned/card/photo.jpg");
        await caller.SendAsync("GET /t/unsigned/w_0/photo.jpg");
        await caller.SendAsync("GET /t/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/w_300/~cGhvdG8uanBn");
        await caller.SendAsync("POST /t/unsigned/card/photo.jpg");
    }

    /// <summary>Ids 11 to 14.</summary>
    private static async Task CallBatchesAsync(Conversation caller)
    {
        await caller.SendAsync(
            "POST /v1/batches",
            """{ "name": "spring", "items": [ { "source": "folder/" }, { "source": "text.jpg" }, """ +
            """{ "source": "logo.png", "actions": [ { "measure": {} } ] } ], "actions": [ """ +
            """{ "thumbnail": { "width": 64, "height": 64 } } ] }""");
        await caller.SendAsync("GET /v1/batches/{11}", until: "completed");
        await caller.SendAsync("GET /v1/batches/{11}/jobs");
        await caller.SendAsync("GET /v1/batches/{11}/jobs?state=failed");
        await caller.SendAsync("GET /v1/batches/{11}/jobs?state=lost");
        await caller.SendAsync("GET /v1/batches/{11}/events");
        await caller.SendAsync("GET /v1/batches/{11}/thumbnails.zip");
        await caller.SendAsync("DELETE /v1/batches/{11}");
        await caller.SendAsync("POST /v1/batches/{11}/retry");
        await caller.SendAsync("POST /v1/batches/{11}/retry?state=canceled");
        await caller.SendAsync("POST /v1/batches/{11}/retry?error=not_an_image");
        await caller.SendAsync("GET /v1/batches/{12}", until: "completed");
        await caller.SendAsync(
            "POST /v1/batches?name=lines",
            """{"source":"photo.jpg","actions":[{"measure":{}}]}""" + "\n" + """{"source":"logo.png","actions":[{"measure":{}}]}""" + "\n",
            type: "application/x-ndjson");
        await caller.SendAsync("GET /v1/batches/{13}", until: "completed");
        await caller.SendAsync("GET /v1/batches/{5}", until: "completed");
        await caller.SendAsync("GET /v1/batches?name=SPRING&state=completed");
        await caller.SendAsync("GET /v1/batches?state=lost");
        await caller.SendAsync("GET /v1/batches?nmae=spring");
        await caller.SendAsync(
            "POST /v1/batches", """{ "items": [ { "source": "../x" }, { "source": "a\u0000b" } ], "actions": [ { "measure": {} } ] }""");
        await caller.SendAsync("POST /v1/batches", """{ "items": [] }""");
    }

    private static async Task CallMissingResourcesAsync(Conversation caller)
    {
        await caller.SendAsync("GET /");
        await caller.SendAsync("GET /openapi.json");
        await caller.SendAsync("GET /openapi.yaml");
        await caller.SendAsync("HEAD /openapi.json");
        await caller.SendAsync("POST /openapi.json");
        await caller.SendAsync("GET /health/live");
        await caller.SendAsync("GET /health/ready", until: "\"ready\"");
        await caller.SendAsync("GET /v1/nothing");
        await caller.SendAsync("GET /v1/jobs/nobody");
        await caller.SendAsync("GET /v1/batches/nobody");
        await caller.SendAsync("GET /v1/images/nobody");
        await caller.SendAsync("GET /v1/jobs/01800000-0000-8000-8000-000000000000");
    }

    private static async Task CallMethodsAndAddressesAsync(Conversation caller)
    {
        await caller.SendAsync("HEAD /v1/jobs/{6}");
        await caller.SendAsync("HEAD /v1/jobs/{6}/thumbnails/0");
        await caller.SendAsync("HEAD /v1/batches/{11}");
        await caller.SendAsync("HEAD /v1/batches/{11}/jobs");
        await caller.SendAsync("HEAD /v1/batches/{11}/events");
        await caller.SendAsync("HEAD /v1/batches/{11}/thumbnails.zip");
        await caller.SendAsync("HEAD /v1/images/{9}");
        await caller.SendAsync("HEAD /result?jobId={0}");
        await caller.SendAsync("HEAD /imageapi?imagePath=photo.jpg");
        await caller.SendAsync("PUT /v1/jobs", Job);
        await caller.SendAsync("PATCH /v1/jobs/{6}", Job, type: "application/merge-patch+json");
        await caller.SendAsync("DELETE /imageapi?imagePath=photo.jpg");
        await caller.SendAsync("POST /result?jobId={0}");
        await caller.SendAsync("GET /v1/jobs/{6}/");
        await caller.SendAsync("GET /v1/jobs/{6}/thumbnails/9");
        await caller.SendAsync("GET /v1/jobs/a%2Fb");
        await caller.SendAsync("GET /v1/jobs/%7B6%7D");
        await caller.SendAsync("POST /imageapi?imagePath=folder%2Fa.jpg&customizedSize=40");
        await caller.SendAsync("GET /nothing");
        await caller.SendAsync("GET /v1");
        await caller.SendAsync("TRACE /v1/jobs/nobody");
        await caller.SendAsync("QUERY /v1/jobs");
        await caller.SendAsync("GET /v1/jobs/nobody", functionKey: "wrong");
        await caller.SendAsync("POST /imageapi?imagePath=photo.jpg", functionKey: "wrong");
        await caller.SendAsync("GET /health/live", functionKey: "wrong");
    }

    private static async Task DeleteAsync(Conversation caller)
    {
        await caller.SendAsync("DELETE /v1/jobs/{6}");
        await caller.SendAsync("DELETE /v1/jobs/{6}");
        await caller.SendAsync("GET /v1/jobs/{6}");
        await caller.SendAsync("DELETE /v1/jobs/{11}-1");
        await caller.SendAsync("DELETE /v1/jobs/{11}-99");
        await caller.SendAsync("DELETE /v1/jobs/nobody");
        await caller.SendAsync("DELETE /v1/images/{9}");
        await caller.SendAsync("DELETE /v1/images/{9}");
        await caller.SendAsync("GET /v1/images/{9}");
        await caller.SendAsync("DELETE /v1/images/nobody");
        await caller.SendAsync("POST /v1/uploads", """{ "name": "scan.tif", "bytes": 48000000 }""");
        await caller.SendAsync("POST /v1/uploads", """{ "bytes": 48000000000 }""");
        await caller.SendAsync("POST /v1/uploads", "no JSON", type: "text/plain");
        await caller.SendAsync("GET /v1/uploads");
        await caller.SendAsync("DELETE /v1/batches/{11}?purge=maybe");
        await caller.SendAsync("DELETE /v1/batches/{11}?purge=true");
        await caller.SendAsync("DELETE /v1/batches/{11}?purge=true");
        await caller.SendAsync("GET /v1/batches/{11}");
        await caller.SendAsync("GET /v1/jobs/{11}-0");
        await caller.SendAsync("DELETE /v1/batches/nobody?purge=true");
    }
}
