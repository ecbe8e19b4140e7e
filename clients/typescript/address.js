// Signs addresses that are thumbnails. Described in docs/addresses.md, with test vectors.

/** @typedef {import("./api.js").components["schemas"]["DirectThumbnailRequest"]} DirectThumbnail */
/** @typedef {Omit<DirectThumbnail, "source">} AddressedThumbnail the options of a thumbnail, with the format `auto` */

/** The letters of options in the order of their canonical form. */
const LETTERS = {
  width: "w",
  height: "h",
  fit: "c",
  gravity: "g",
  format: "f",
  quality: "q",
  background: "b",
  metadata: "m",
  animated: "a",
};

/**
 * Makes the address of a thumbnail, which the service answers without a key. Sign on a server or in a build, never in a page.
 * @param {object} given
 * @param {string} given.key a key of the service's settings: `ImageResize__Addresses__Keys__NAME`
 * @param {string} given.source an image that the service can read
 * @param {AddressedThumbnail | { preset: string }} given.thumbnail
 * @param {Date | undefined} [given.expiresAt] the time until which the address is valid
 * @returns {Promise<string>} the path, `/t/...`; the address of the service or of a CDN belongs before it
 */
export async function signAddress({ key, source, thumbnail, expiresAt }) {
  const options = optionsOf(thumbnail, expiresAt);
  const text = new TextEncoder();
  const hmac = await crypto.subtle.importKey("raw", text.encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", hmac, text.encode(`/t/${options}/${source}`));

  return `/t/${toBase64Url(new Uint8Array(signature))}/${options}/${encode(source)}`;
}

/** @param {AddressedThumbnail | { preset: string }} thumbnail @param {Date} [expiresAt] */
function optionsOf(thumbnail, expiresAt) {
  const values = /** @type {Record<string, unknown>} */ (thumbnail);
  const options = Object.entries(LETTERS)
    .filter(([name]) => values[name] !== undefined && values[name] !== null && !(name === "metadata" && textOf(values[name]) === ""))
    .map(([name, letter]) => `${letter}_${textOf(values[name])}`);
  const preset = values["preset"] === undefined ? [] : [`${values["preset"]}`];
  const expiry = expiresAt === undefined ? [] : [`e_${Math.floor(expiresAt.getTime() / 1000)}`];

  return [...preset, ...options, ...expiry].join(",").toLowerCase();
}

/** @param {unknown} value */
const textOf = (value) => (Array.isArray(value) ? value.map((kind) => `${kind}`.toLowerCase()).sort().join(".") : `${value}`.replace(/^#/, ""));

/** Proxies change some characters of paths. Base64 has none of them. @param {string} source */
function encode(source) {
  const isPlain = /^[A-Za-z0-9/._-]+$/.test(source) && source.split("/").every((name) => !["", ".", ".."].includes(name));

  return isPlain ? source : `~${toBase64Url(new TextEncoder().encode(source))}`;
}

/** @param {Uint8Array} bytes */
const toBase64Url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
