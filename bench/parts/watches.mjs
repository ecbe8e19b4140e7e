// What bench/watches does with files and blobs. Times are printed in milliseconds, a line for each image.
//
//   watches.mjs folder IMAGES-FOLDER PHOTO COUNT
//   watches.mjs container BLOB-ENDPOINT CONTAINER PHOTO COUNT THUMBNAIL-SUFFIX
//   watches.mjs drop FOLDER COUNT SECONDS PHOTOS-FOLDER      # copies COUNT photos, evenly over the time
//   watches.mjs compare FOLDER COUNT PHOTOS                  # checks that equal photos have equal thumbnails
//   watches.mjs cancel ADDRESS                               # cancels all batches
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { accountSas } from "./azurite.mjs";

const MaxWait = 30_000;
const [what, ...given] = process.argv.slice(2);

async function measure(count, write, exists) {
  for (let i = 0; i < count; i++) {
    await sleep(Math.random() * 1_500); // at any time between two listings
    await write(i);
    const written = performance.now();
    while (!(await exists(i))) {
      if (performance.now() - written > MaxWait) throw new Error(`Image ${i} has no thumbnail.`);
      await sleep(2);
    }
    console.log((performance.now() - written).toFixed(1));
  }
}

function folder(images, photo, count) {
  mkdirSync(`${images}/in`, { recursive: true });
  const resized = `${images}/resized/in`;
  const exists = (i) => existsSync(resized) && readdirSync(resized).some((name) => name.startsWith(`${i}_`) && name.endsWith(".jpg"));
  return measure(Number(count), (i) => copyFileSync(photo, `${images}/in/${i}.jpg`), exists);
}

async function container(endpoint, name, photo, count, suffix) {
  const sas = accountSas();
  const send = async (path, method, body) => {
    const headers = { "x-ms-blob-type": "BlockBlob" };
    const response = await fetch(`${endpoint}/${name}/${path}?${sas}`, { method, headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  await fetch(`${endpoint}/${name}?restype=container&${sas}`, { method: "PUT" });
  const bytes = readFileSync(photo);
  return measure(Number(count), (i) => send(`in/${i}.jpg`, "PUT", bytes), async (i) => await send(`resized/in/${i}${suffix}`, "HEAD") === 200);
}

async function drop(to, count, seconds, photos) {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(photos).filter((name) => name.endsWith(".jpg")).sort().slice(0, 8);
  const started = performance.now();
  for (let i = 0; i < Number(count); i++) {
    await sleep(Math.max(0, started + i * Number(seconds) * 1_000 / Number(count) - performance.now()));
    copyFileSync(`${photos}/${names[i % names.length]}`, `${to}/${i}.jpg`);
  }
}

function compare(resized, count, photos) {
  const files = readdirSync(resized).filter((name) => name.endsWith(".jpg"));
  const hashes = new Map();
  for (const file of files) {
    const photo = Number(file.split("_")[0]) % Number(photos);
    const hash = createHash("sha256").update(readFileSync(`${resized}/${file}`)).digest("hex");
    hashes.set(photo, (hashes.get(photo) ?? new Set()).add(hash));
  }
  const different = [...hashes.values()].filter((found) => found.size !== 1).length;
  console.log(`${files.length} thumbnails, ${different} photos with thumbnails that differ`);
  process.exit(files.length === Number(count) && different === 0 ? 0 : 1);
}

async function cancel(address) {
  const ids = [];
  for (let next = "/v1/batches"; next;) {
    const page = await (await fetch(address + next)).json();
    ids.push(...page.value.map((batch) => batch.id));
    next = page.nextLink;
  }
  for (const id of ids) await fetch(`${address}/v1/batches/${id}`, { method: "DELETE" });
}

await { folder, container, drop, compare, cancel }[what](...given);
