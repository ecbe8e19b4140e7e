// Makes thumbnails of images: node example.js ADDRESS IMAGE...

import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { ImageResizeClient } from "./client.js";

const [address = "http://127.0.0.1:7071", ...images] = process.argv.slice(2);
const client = new ImageResizeClient({ address, key: process.env.IMAGERESIZE_KEY });

const uploads = await Promise.all(images.map(async (image) => client.upload(await openAsBlob(image))));
const batch = await client.submitBatch({
  items: uploads.map(({ source }) => ({ source })),
  actions: [{ thumbnail: { width: 64, height: 64, fit: "cover", format: "webp" } }],
});

for await (const { counts, total } of client.followBatch(batch.id)) {
  console.log(`${counts.succeeded} of ${total}`);
}

let number = 0;
for await (const job of client.listJobs(batch.id, "succeeded")) {
  for (const { href, width, height } of job.thumbnails ?? []) {
    const file = `${images[number++]}.webp`;
    await writeFile(file, new Uint8Array(await (await client.download(href)).arrayBuffer()));
    console.log(`${width} x ${height}  ${file}`);
  }
}
