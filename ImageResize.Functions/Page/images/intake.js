// Files from drops, file dialogs and the clipboard, with the paths of the folders they were in.

import { breathe } from "../shared/dom.js";

/**
 * @typedef {{ name: string, file: File }} NamedFile
 * @typedef {NamedFile & { size: number, modified: number }} DescribedFile
 */

const Images = /\.(jpe?g|jfif|png|gif|webp|avif|tiff?|bmp|dib|tga|pnm|pbm|pgm|ppm|heic|heif|dng|nef|cr2|arw|svg|pdf)$/i;

/** As people count: 2 before 10. */
const order = new Intl.Collator("en", { numeric: true });

/** So many files are looked at before the browser may answer to the user. */
const Portion = 100;
const DescribedAtOnce = 15;

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
 * Separates images from files that nobody means to send. Files that only look like images are refused by the service, with a reason.
 * @param {NamedFile[]} files
 */
export function separate(files) {
  const isImage = (/** @type {NamedFile} */ { name, file }) => !/(^|\/)\./.test(name) && (Images.test(name) || file.type.startsWith("image/"));
  const images = files.filter(isImage).sort((a, b) => order.compare(a.name, b.name));
  return { images, others: files.length - images.length };
}

/**
 * Adds sizes and times. A browser may ask the disk for each, so this is done for a few files at a time.
 * @param {NamedFile[]} files
 * @returns {Promise<DescribedFile[]>}
 */
export async function describe(files) {
  /** @type {DescribedFile[]} */
  const described = [];
  for (const { name, file } of files) {
    described.push({ name, file, size: file.size, modified: file.lastModified });
    if (described.length % DescribedAtOnce === 0) {
      await breathe();
    }
  }
  return described;
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
  /** @type {Map<number, number[]>} */
  const bySize = new Map();
  for (const [n, { size }] of files.entries()) {
    const equal = bySize.get(size) ?? [];
    equal.push(n);
    bySize.set(size, equal);
  }
  for (const equal of bySize.values()) {
    if (equal.length < 2) {
      continue;
    }
    /** @type {Map<string, number>} */
    const seen = new Map();
    for (const n of equal) {
      const hash = await hashOf(files[n].file);
      const original = hash === null ? undefined : seen.get(hash);
      if (original !== undefined) {
        found(n, original);
      } else if (hash !== null) {
        seen.set(hash, n);
      }
    }
  }
}

/** @param {File} file */
async function hashOf(file) {
  try {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return new Uint32Array(hash).join(" ");
  } catch {
    return null; // The file was moved or can't be read. Its upload will say so.
  }
}

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
      await breathe();
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
