// Makes thumbnails of images: node example.js ADDRESS IMAGE...

import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { ImageResizeClient } from "./client.js";
import { followBatch } from "./events.js";

const [address = "http://127.0.0.1:7071", ...images] = process.argv.slice(2);
const client = new ImageResizeClient({ address, key: process.env.IMAGERESIZE_KEY });

/** The images by their sources. @type {Map<string, string>} */
const names = new Map();
for (const image of images) {
  names.set((await client.upload(await openAsBlob(image))).source, image);
}

const batch = await client.submitBatch({
  items: [...names.keys()].map((source) => ({ source })),
  actions: [{ thumbnail: { width: 64, height: 64, fit: "cover", format: "webp" } }],
});

for await (const { counts, total } of followBatch(client, batch.id)) {
  console.log(`${counts.succeeded} of ${total}`);
}

for await (const job of client.listJobs(batch.id)) {
  const image = names.get(job.source ?? "");
  if (job.error) {
    console.error(`${image}: ${job.error.message}`);
  }
  for (const { href, width, height } of job.thumbnails ?? []) {
    const file = `${image}.webp`;
    await writeFile(file, new Uint8Array(await (await client.download(href)).arrayBuffer()));
    console.log(`${width} x ${height}  ${file}`);
  }
}
