// Writes a zip archive of files that are already compressed, in this browser, so that thumbnails keep the names of the dropped files.

const MaxEntries = 65_535;
const MaxBytes = 0xffff_ffff;
const Utf8Names = 0x0800;
const Version = 20;

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) {
    n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  }
  return n >>> 0;
});

/** @param {Uint8Array} data */
export function crc32(data) {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) {
    crc = table[(crc ^ data[i]) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export class ZipWriter {
  /** @type {BlobPart[]} */
  #parts = [];

  /** @type {BlobPart[]} */
  #directory = [];

  /** @type {Set<string>} */
  #names = new Set();

  #offset = 0;
  #directoryBytes = 0;

  /**
   * @param {string} path
   * @param {Blob} content
   */
  async add(path, content) {
    const data = new Uint8Array(await content.arrayBuffer());
    if (this.#names.size === MaxEntries || this.#offset + data.length > MaxBytes) {
      throw new Error("The archive would be too large. Download parts of it.");
    }
    const name = new TextEncoder().encode(this.#unique(path.replaceAll("\\", "_").replace(/^\/+/, "")));
    const common = this.#common(name, data);
    const local = header(0x04034b50, 4 + common.length);
    local.set(common, 4);
    this.#parts.push(local, name, content);

    const entry = header(0x02014b50, 46);
    const view = new DataView(entry.buffer);
    view.setUint16(4, Version, true);
    entry.set(common, 6);
    view.setUint32(42, this.#offset, true);
    this.#directory.push(entry, name);
    this.#directoryBytes += entry.length + name.length;
    this.#offset += local.length + name.length + data.length;
  }

  /** @returns {Blob} */
  finish() {
    const end = header(0x06054b50, 22);
    const view = new DataView(end.buffer);
    view.setUint16(8, this.#names.size, true);
    view.setUint16(10, this.#names.size, true);
    view.setUint32(12, this.#directoryBytes, true);
    view.setUint32(16, this.#offset, true);
    return new Blob([...this.#parts, ...this.#directory, end], { type: "application/zip" });
  }

  /**
   * The fields that an entry's two headers have in common.
   * @param {Uint8Array} name
   * @param {Uint8Array} data
   */
  #common(name, data) {
    const fields = new Uint8Array(26);
    const view = new DataView(fields.buffer);
    view.setUint16(0, Version, true);
    view.setUint16(2, Utf8Names, true);
    view.setUint32(6, dosTime(new Date()), true);
    view.setUint32(10, crc32(data), true);
    view.setUint32(14, data.length, true);
    view.setUint32(18, data.length, true);
    view.setUint16(22, name.length, true);
    return fields;
  }

  /** @param {string} path */
  #unique(path) {
    let name = path;
    for (let n = 2; this.#names.has(name); n++) {
      name = path.replace(/(\.[^./]*)?$/, ` (${n})$1`);
    }
    this.#names.add(name);
    return name;
  }
}

/** Local time as in MS-DOS: date and time in 16 bits each, in steps of two seconds. @param {Date} time */
function dosTime(time) {
  const date = ((time.getFullYear() - 1980) << 9) | ((time.getMonth() + 1) << 5) | time.getDate();
  return ((date << 16) | (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1)) >>> 0;
}

/**
 * @param {number} signature
 * @param {number} length
 */
function header(signature, length) {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, signature, true);
  return bytes;
}
