// Client of the ImageResize service for browsers and Node.js 20 or later. The service's own page uses it too.
// `api.d.ts` has the types of the API; `npm run types` makes it.

import { createSend } from "./http.js";

export { ImageResizeError } from "./http.js";

/** @typedef {import("./api.js").components["schemas"]} Schemas */
/** @typedef {Schemas["BatchReply"]} Batch */
/** @typedef {Schemas["JobReply"]} Job */
/** @typedef {Schemas["JobPageReply"]} JobPage */
/** @typedef {Schemas["UploadReply"]} Upload */
/** @typedef {{ error?: string, state?: Job["state"] }} Which */
/** @typedef {Omit<Schemas["DirectThumbnailRequest"], "source">} Thumbnail */
/** @typedef {import("./http.js").Options} Options */

/** Where a string is an image, it is a source that the service can read. */
export class ImageResizeClient {
  /** @param {import("./http.js").Settings} settings */
  constructor(settings) {
    this.send = createSend(settings);
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
  json = async (method, path, body, options) => (await this.send(method, path, body, options)).json();

  /** @param {Blob | string} image @param {Options} [options] @returns {Promise<Schemas["ImageSize"]>} */
  measure = (image, options) => this.json("POST", "v1/measure", typeof image === "string" ? { source: image } : image, options);

  /**
   * @param {Blob | string} image
   * @param {Thumbnail} thumbnail
   * @param {Options} [options]
   * @returns {Promise<Response>} its body is the thumbnail, and its headers describe it
   */
  makeThumbnail = (image, thumbnail, options) =>
    typeof image === "string"
      ? this.send("POST", "v1/thumbnails", { source: image, ...thumbnail }, options)
      : this.send("POST", withQuery("v1/thumbnails", thumbnail), image, options);

  /** @param {Blob} image @param {string} [name] that of a `File` by default @param {Options} [options] @returns {Promise<Upload>} */
  upload = (image, name = image instanceof File ? image.name : "", options) =>
    this.json("POST", withQuery("v1/images", { name }), image, options);

  /** @param {string} [name] a part of the names @returns {AsyncGenerator<Upload>} your uploads, the newest first */
  listUploads = (name = "") => this.#list(withQuery("v1/images", { name }));

  /** @returns {Promise<Schemas["WatchListReply"]>} the containers and folders that process themselves */
  listWatches = () => this.json("GET", "v1/watches");

  /** @param {Schemas["JobRequest"]} job @param {Options} [options] @returns {Promise<Job>} */
  submitJob = (job, options) => this.#submit("v1/jobs", job, options);

  /** @param {string} id @param {Options} [options] @returns {Promise<Job>} the job when it has ended */
  async waitForJob(id, options) {
    for (;;) {
      const job = await this.json("GET", `v1/jobs/${encodeURIComponent(id)}?wait=20`, undefined, options);
      if (job.state !== "queued") {
        return job;
      }
    }
  }

  /** @param {Schemas["BatchRequest"]} batch @param {Options} [options] @returns {Promise<Batch>} */
  submitBatch = (batch, options) => this.#submit("v1/batches", batch, options);

  /** @param {string} id @param {Options} [options] @returns {Promise<Batch>} */
  getBatch = (id, options) => this.json("GET", pathOf(id), undefined, options);

  /** @param {string} id @param {Options} [options] @returns {Promise<Batch>} */
  cancelBatch = (id, options) => this.json("DELETE", pathOf(id), undefined, options);

  /** @param {string} id @param {Which} [which] @param {Options} [options] @returns {Promise<Batch>} a new batch of the failed jobs */
  retryBatch = (id, which = {}, options) => this.#submit(withQuery(`${pathOf(id)}/retry`, which), undefined, options);

  /** @param {string} id @param {{ from?: number }} [page] 100 jobs @param {Options} [options] @returns {Promise<JobPage>} */
  getJobs = (id, page = {}, options) => this.json("GET", withQuery(`${pathOf(id)}/jobs`, page), undefined, options);

  /** @param {string} id @param {Which} [which] @param {Options} [options] @returns {AsyncGenerator<Job>} */
  listJobs = (id, which = {}, options) => this.#list(withQuery(`${pathOf(id)}/jobs`, which), options);

  /** @param {string} href the address of a thumbnail, as in a job @param {Options} [options] */
  download = async (href, options) => (await this.send("GET", href, undefined, options)).blob();

  /** Has an idempotency key, so that the work isn't done twice. @param {string} path @param {unknown} body @param {Options} [options] */
  #submit = (path, body, options) =>
    this.json("POST", path, body, { ...options, headers: { "Idempotency-Key": newId(), ...options?.headers } });

  /** @param {string} path @param {Options} [options] @returns {AsyncGenerator<any>} the values of all pages */
  async *#list(path, options) {
    for (let link = path; link;) {
      const page = await this.json("GET", link, undefined, options);
      yield* page.value;
      link = page.nextLink ?? "";
    }
  }
}

/** A UUID. Pages without https have no crypto.randomUUID. */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (value) => value.toString(16).padStart(2, "0")).join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** @param {string} id */
const pathOf = (id) => `v1/batches/${encodeURIComponent(id)}`;

/** @param {string} path @param {Record<string, unknown>} values */
function withQuery(path, values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");

  return given.length === 0 ? path : `${path}?${new URLSearchParams(given.map(([name, value]) => [name, `${value}`]))}`;
}
