// Downloads thumbnails: one, or all of a run as a zip archive.

import { addressOf, client, patient } from "../shared/api.js";
import { h, save } from "../shared/dom.js";
import { callerKey } from "../shared/keys.js";
import { ZipWriter } from "./zip.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Job} Job
 */

const Parallel = 6;

/** @type {Record<string, string>} */
const extensions = { jpeg: "jpg", tiff: "tif", pnm: "ppm" };

/**
 * The name of a thumbnail: that of the image, with the size if there are several.
 * @param {Item} item
 * @param {NonNullable<Job["thumbnails"]>[number]} thumbnail
 * @param {boolean} hasOthers
 */
export function nameOf(item, thumbnail, hasOthers) {
  const path = /^https?:/i.test(item.name) ? item.name.replace(/[?#].*$/, "") : item.name;
  const stem = path.replace(/^[a-z]+:\/+/, "").replace(/\.[^./]*$/, "") || "image";
  const size = hasOthers ? `_${thumbnail.width}x${thumbnail.height}` : "";
  return `${stem}${size}.${extensions[thumbnail.format] ?? thumbnail.format}`;
}

/**
 * @param {Item} item
 * @param {number} number
 */
export async function downloadOne(item, number) {
  const thumbnails = item.job?.thumbnails ?? [];
  const blob = await client.download(thumbnails[number].href);
  save(blob, nameOf(item, thumbnails[number], thumbnails.length > 1).split("/").pop() ?? "thumbnail");
}

/**
 * Downloads the archive that the service makes. Without a key, the browser saves it as it arrives.
 * @param {string} batch
 */
export async function downloadBatch(batch) {
  const path = `v1/batches/${encodeURIComponent(batch)}/thumbnails.zip`;
  if (callerKey()) {
    save(await client.download(path), `${batch}.zip`);
  } else {
    h("a", { href: addressOf(path).href, download: `${batch}.zip` }).click();
  }
}

/**
 * Downloads the thumbnails of dropped files, with the files' names. Duplicates get the thumbnail of the same content.
 * @param {import("./files-run.js").FilesRun} run
 * @param {(done: number, total: number) => void} progress
 */
export async function downloadFiles(run, progress) {
  const wanted = run.items.flatMap((item) => {
    const made = run.items[item.original ?? item.n].job?.thumbnails ?? [];
    return made.map((thumbnail) => ({ name: nameOf(item, thumbnail, made.length > 1), href: thumbnail.href }));
  });
  const zip = new ZipWriter();
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < wanted.length) {
      const { name, href } = wanted[next++];
      await zip.add(name, await patient.download(href));
      progress(++done, wanted.length);
    }
  };
  await Promise.all(Array.from({ length: Parallel }, work));
  save(zip.finish(), `${run.record.name.replace(/[\\/:*?"<>|]/g, "_") || "thumbnails"}.zip`);
}
