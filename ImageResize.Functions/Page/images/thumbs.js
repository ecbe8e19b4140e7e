// Thumbnails of the visible rows, read with the caller's key and kept for a while.

import { client } from "../shared/api.js";

const MaxKept = 400;
const MaxParallel = 6;
const RetrySeconds = 10;

/** The most recently used last. @type {Map<string, string>} */
const kept = new Map();

/** Addresses that failed are not read again for a while. @type {Set<string>} */
const failed = new Set();

/** @type {{ href: string, isNeeded: () => boolean, done: () => void }[]} */
const waiting = [];

/** @type {Set<string>} */
const reading = new Set();

/**
 * @param {string} href
 * @returns {string | undefined} the address of the image in this browser, if it has been read
 */
export function findThumbnail(href) {
  const address = kept.get(href);
  if (address) {
    kept.delete(href);
    kept.set(href, address);
  }
  return address;
}

/**
 * Reads a thumbnail, the last one that was asked for first.
 * @param {string} href
 * @param {() => boolean} isNeeded whether it is still visible when its turn comes
 * @param {() => void} done
 */
export function readThumbnail(href, isNeeded, done) {
  if (!failed.has(href) && !reading.has(href)) {
    waiting.push({ href, isNeeded, done });
    void next();
  }
}

async function next() {
  while (reading.size < MaxParallel) {
    const wanted = waiting.pop();
    if (!wanted) {
      return;
    }
    if (kept.has(wanted.href)) {
      wanted.done();
      continue;
    }
    if (!wanted.isNeeded() || reading.has(wanted.href)) {
      continue;
    }
    reading.add(wanted.href);
    void readOne(wanted.href)
      .then(wanted.done)
      .finally(() => (reading.delete(wanted.href), next()));
  }
}

/** @param {string} href */
async function readOne(href) {
  try {
    kept.set(href, URL.createObjectURL(await client.download(href)));
    for (const [old, address] of kept) {
      if (kept.size <= MaxKept) {
        break;
      }
      URL.revokeObjectURL(address);
      kept.delete(old);
    }
  } catch {
    failed.add(href);
    setTimeout(() => failed.delete(href), RetrySeconds * 1000);
  }
}
