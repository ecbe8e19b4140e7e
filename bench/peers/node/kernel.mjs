// sharp, as its documentation recommends. See KernelLoop.cs for what each kernel program does.
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

const [box, folder] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => `${folder}/${name}`);
sharp.concurrency(1);
sharp.cache(false);

async function makeThumbnail(file) {
  const thumbnail = await sharp(file)
    .resize({ width: +box, height: +box, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
  return thumbnail.length;
}

for await (const _ of createInterface({ input: process.stdin })) {
  const started = performance.now();
  let [images, bytes] = [0, 0];
  while (performance.now() - started < 500) {
    for (const file of files) bytes += await makeThumbnail(file);
    images += files.length;
  }
  console.log(`${images} ${Math.floor(bytes / images)}`);
}
