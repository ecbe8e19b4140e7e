// Files from drops, file dialogs and the clipboard, with the paths of the folders they were in.

import { yieldToBrowser } from "../shared/dom.js";

/**
 * @typedef {{ name: string, file: File }} NamedFile
 * @typedef {NamedFile & { size: number, modified: number }} DescribedFile
 */

const Images = /\.(jpe?g|jfif|png|gif|webp|avif|tiff?|bmp|dib|tga|pnm|pbm|pgm|ppm|heic|heif|dng|nef|cr2|arw|svg|pdf)$/i;

/** Natural order: 2 before 10. */
const order = new Intl.Collator("en", { numeric: true });

/** Files that are read before the browser can respond to the user, because it may access the disk for each one. */
const Portion = 15;

/**
 * @param {DataTransfer} data must be read before the event ends
 * @returns {Promise<NamedFile[]>}
 */
export async function filesOfDrop(data) {
  const entries = [...data.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry());
  const files = [...data.files];
  if (entries.some((entry) => entry === null)) {
    return files.map((file) => ({ name: file.name, file }));
  }
  /** @type {NamedFile[]} */
  const found = [];
  for (const entry of entries) {
    await walk(/** @type {FileSystemEntry} */ (entry), "", found);
  }
  return found;
}

/** @param {FileList | File[]} files */
export const filesOfInput = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

/**
 * Separates images from files that are not meant to be sent. Files that only look like images are refused by the service, with a reason.
 * @param {NamedFile[]} files
 */
export function separate(files) {
  const isImage = (/** @type {NamedFile} */ { name, file }) => !/(^|\/)\./.test(name) && (Images.test(name) || file.type.startsWith("image/"));
  const images = files.filter(isImage).sort((a, b) => order.compare(a.name, b.name));
  return { images, others: files.length - images.length };
}

/**
 * Adds sizes and times.
 * @param {NamedFile[]} files
 * @returns {Promise<DescribedFile[]>}
 */
export async function describe(files) {
  const facts = await factsOf("sizes", files.map(({ file }) => file));
  return files.map((file, n) => ({ ...file, .../** @type {{ size: number, modified: number }} */ (facts[n]) }));
}

/**
 * Finds files with the same content. Only files of equal size are read.
 * @param {{ size: number, file: File }[]} files
 * @param {(file: number, original: number) => void} found
 */
export async function findDuplicates(files, found) {
  if (!crypto.subtle) {
    return; // on pages without https
  }
  /** @type {Map<number, number>} */
  const ofSize = new Map();
  files.forEach(({ size }) => ofSize.set(size, (ofSize.get(size) ?? 0) + 1));
  const candidates = [...files.keys()].filter((n) => /** @type {number} */ (ofSize.get(files[n].size)) > 1);

  /** By hash. @type {Map<string, number>} */
  const originals = new Map();
  const hashes = await factsOf("hashes", candidates.map((n) => files[n].file));
  hashes.forEach((hash, i) => {
    const original = hash === null ? undefined : originals.get(hash);
    if (original !== undefined) {
      found(candidates[i], original);
    } else if (hash !== null) {
      originals.set(hash, candidates[i]);
    }
  });
}

/** @type {Promise<Worker> | null} */
let starting = null;

/** Starts the worker that reads files. It's started before it's needed, because it must also work while the service doesn't answer. */
export function startWorker() {
  starting ??= new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./file-facts.js", import.meta.url));
    worker.onmessage = () => resolve(worker);
    worker.onerror = () => {
      starting = null;
      reject(new Error("Files can't be read in the background."));
    };
  });
  return starting;
}

/**
 * Asks a worker, so that the page never waits for the disk.
 * @param {"sizes" | "hashes"} what
 * @param {File[]} files
 * @returns {Promise<any[]>} in the order of the files
 */
async function factsOf(what, files) {
  if (files.length === 0) {
    return [];
  }
  const facts = [];
  for (let first = 0; first < files.length; first += Portion) {
    const portion = files.slice(first, first + Portion);
    const worker = await startWorker().catch(() => null);
    facts.push(...(worker ? await ask(worker, { what, files: portion }) : portion.map((file) => factsHere(what, file))));
  }
  return facts;
}

/**
 * @param {Worker} worker
 * @param {{ what: "sizes" | "hashes", files: File[] }} question
 * @returns {Promise<any[]>}
 */
const ask = (worker, question) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (port1.close(), resolve(data));
    worker.postMessage(question, [port2]);
  });

/** Without a worker, duplicates aren't found. @param {"sizes" | "hashes"} what @param {File} file */
const factsHere = (what, file) => (what === "hashes" ? null : { size: file.size, modified: file.lastModified });

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @param {NamedFile[]} found
 */
async function walk(entry, folder, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, () => resolve(null)));
    if (file) {
      found.push({ name: folder + entry.name, file });
    }
    if (found.length % Portion === 0) {
      await yieldToBrowser();
    }
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A reader returns at most 100 entries at a time.
    const entries = /** @type {FileSystemEntry[]} */ (
      await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])))
    );
    if (entries.length === 0) {
      return;
    }
    for (const child of entries) {
      await walk(child, `${folder}${entry.name}/`, found);
    }
  }
}
