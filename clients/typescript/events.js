// Follows a batch by its server-sent events, which a program can read with a key in a header.

import { pause } from "./http.js";

/**
 * @param {import("./client.js").ImageResizeClient} client
 * @param {string} id
 * @returns {AsyncGenerator<import("./client.js").Batch>} the batch whenever it has changed, until it has ended
 */
export async function* followBatch(client, id) {
  for (;;) {
    for await (const { name, data } of readEvents(await client.send("GET", `v1/batches/${encodeURIComponent(id)}/events`))) {
      if (name === "progress") {
        yield JSON.parse(data);
      } else if (name === "end") {
        yield JSON.parse(data);
        return;
      }
    }
    await pause(1);
  }
}

/** Ends early if the connection is lost. @param {Response} response */
async function* readEvents(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + decoder.decode(part.value, { stream: true })).split("\n\n");
      text = /** @type {string} */ (events.pop());
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
        if (name !== undefined && data !== undefined) {
          yield { name, data };
        }
      }
    }
  } catch {
    // The caller connects again.
  } finally {
    reader.cancel().catch(() => {});
  }
}
