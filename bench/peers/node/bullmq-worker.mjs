// A BullMQ worker with sharp: one process with CONCURRENCY jobs at once, which don't block each other because sharp has its own threads.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "bullmq";
import sharp from "sharp";

const { IMAGES, OUTPUT, REDIS, CONCURRENCY } = process.env;
sharp.concurrency(1); // threads per image; more only use more CPU
sharp.cache(false);
const folders = new Set();

async function makeThumbnail({ data: { source, size } }) {
  const output = `${OUTPUT}/${source}`;
  if (!folders.has(dirname(output))) {
    mkdirSync(dirname(output), { recursive: true });
    folders.add(dirname(output));
  }
  const { width, height } = await sharp(`${IMAGES}/${source}`)
    .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toFile(output);
  return { output, width, height };
}

new Worker("thumbnails", makeThumbnail, { connection: { port: +REDIS }, concurrency: +CONCURRENCY })
  .on("ready", () => console.log("ready"))
  .on("failed", (_, failure) => console.log(failure));
