// BullMQ's worker with sharp: one process, CONCURRENCY jobs at once (sharp works on threads of its own, so jobs do not block each other).
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "bullmq";
import sharp from "sharp";

const { IMAGES, OUTPUT, REDIS, CONCURRENCY } = process.env;
sharp.concurrency(1); // threads for one image: more only add to its processor time
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
