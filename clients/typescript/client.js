// Client of the ImageResize service for browsers and Node.js 20 or later. `api.d.ts` has the types of the API; `npm run types` makes it.

/** @typedef {import("./api.js").components["schemas"]} Schemas */
/** @typedef {Schemas["JobReply"]} Job */
/** @typedef {Schemas["BatchReply"]} Batch */
/** @typedef {Schemas["ThumbnailRequest"]} Thumbnail */

/** The service refused a request, failed, or could not be reached. */
export class ImageResizeError extends Error {
  /**
   * @param {number} status 0 if there was no response
   * @param {string} code for programs, such as `batch_not_found`; `unreachable` if there was no response
   * @param {string} message
   * @param {number | null} retryAfter seconds
   */
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.name = "ImageResizeError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export class ImageResizeClient {
  #address;
  #key;
  #maxRetrySeconds;

  /** @param {{ address: string | URL, key?: string, maxRetrySeconds?: number }} options requests are repeated after 429, 503 and faults */
  constructor({ address, key = "", maxRetrySeconds = 120 }) {
    this.#address = new URL(`${address}`.replace(/\/*$/, "/"));
    this.#key = key;
    this.#maxRetrySeconds = maxRetrySeconds;
  }

  /** @param {Blob | string} image an image, or a source that the service can read @returns {Promise<Schemas["ImageSize"]>} */
  measure = (image) => this.#json("POST", "v1/measure", typeof image === "string" ? { source: image } : image);

  /** @param {Blob | string} image @param {Thumbnail} options @returns {Promise<Blob>} */
  async makeThumbnail(image, options) {
    const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, `${value}`]));
    const isSource = typeof image === "string";
    const response = await this.send("POST", `v1/thumbnails${isSource ? "" : `?${query}`}`, isSource ? { source: image, ...options } : image);

    return response.blob();
  }

  /** @param {Blob} image @param {string} [name] that of a `File` by default @returns {Promise<Schemas["UploadReply"]>} */
  upload = (image, name = image instanceof File ? image.name : "") =>
    this.#json("POST", `v1/images${name === "" ? "" : `?name=${encodeURIComponent(name)}`}`, image);

  /** @param {string} [name] a part of the names @returns {AsyncGenerator<Schemas["UploadReply"]>} your uploads, the newest first */
  async *listUploads(name) {
    for (let address = `v1/images${name === undefined ? "" : `?name=${encodeURIComponent(name)}`}`; address;) {
      const page = /** @type {Schemas["UploadPageReply"]} */ (await this.#json("GET", address));
      yield* page.value;
      address = (page.nextLink ?? "").replace(/^\//, "");
    }
  }

  /** @returns {Promise<Schemas["WatchListReply"]>} the containers and folders that process themselves */
  listWatches = () => this.#json("GET", "v1/watches");

  /** @param {Schemas["JobRequest"]} job @returns {Promise<Job>} */
  submitJob = (job) => this.#json("POST", "v1/jobs", job);

  /** @param {string} id @returns {Promise<Job>} the job when it has ended */
  async waitForJob(id) {
    for (;;) {
      const job = /** @type {Job} */ (await this.#json("GET", `v1/jobs/${encodeURIComponent(id)}?wait=20`));
      if (job.state !== "queued") {
        return job;
      }
    }
  }

  /** @param {Schemas["BatchRequest"]} batch @returns {Promise<Batch>} */
  submitBatch = (batch) => this.#json("POST", "v1/batches", batch);

  /** @param {string} id @returns {Promise<Batch>} */
  getBatch = (id) => this.#json("GET", `v1/batches/${encodeURIComponent(id)}`);

  /** @param {string} id @returns {Promise<Batch>} */
  cancelBatch = (id) => this.#json("DELETE", `v1/batches/${encodeURIComponent(id)}`);

  /** @param {string} id @returns {Promise<Batch>} a new batch of the failed jobs */
  retryBatch = (id) => this.#json("POST", `v1/batches/${encodeURIComponent(id)}/retry`);

  /** @param {string} id @returns {AsyncGenerator<Batch>} the batch whenever it has changed, until it has ended */
  async *followBatch(id) {
    for (let end = false; !end; await pause(1)) {
      const response = await this.send("GET", `v1/batches/${encodeURIComponent(id)}/events`);
      let text = "";
      for await (const part of readParts(response)) {
        const events = (text + part).split("\n\n");
        text = /** @type {string} */ (events.pop());
        for (const event of events) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
          if (data && name !== "heartbeat") {
            yield JSON.parse(data);
          }
          end ||= name === "end";
        }
        if (end) {
          return;
        }
      }
    }
  }

  /** @param {string} id @param {Job["state"]} [state] only these jobs @returns {AsyncGenerator<Job>} */
  async *listJobs(id, state) {
    let address = /** @type {string | undefined} */ (`v1/batches/${encodeURIComponent(id)}/jobs${state ? `?state=${state}` : ""}`);
    while (address) {
      const page = /** @type {Schemas["JobPageReply"]} */ (await this.#json("GET", address));
      yield* page.value;
      address = page.nextLink;
    }
  }

  /** @param {string} href the address of a thumbnail, as in a job @returns {Promise<Blob>} */
  download = async (href) => (await this.send("GET", href)).blob();

  /**
   * Sends any request. Submissions have an idempotency key, so that repeating them does not do the work twice.
   * @param {string} method @param {string} path @param {unknown} [body] an image, or what is sent as JSON
   * @returns {Promise<Response>} a success
   */
  async send(method, path, body) {
    const headers = new Headers(this.#key ? { "x-functions-key": this.#key } : {});
    if (method === "POST" && !(body instanceof Blob)) {
      headers.set("Idempotency-Key", crypto.getRandomValues(new Uint32Array(4)).join("-")); // pages without https have no randomUUID
    }
    if (body !== undefined) {
      headers.set("Content-Type", body instanceof Blob ? body.type || "application/octet-stream" : "application/json");
    }
    const content = body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body);
    const deadline = Date.now() + this.#maxRetrySeconds * 1000;
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(new URL(path.replace(/^\//, ""), this.#address), { method, headers, body: content }).catch(String);
      if (typeof response !== "string" && response.ok) {
        return response;
      }
      const error = typeof response === "string" ? new ImageResizeError(0, "unreachable", response) : await readError(response);
      const seconds = error.retryAfter ?? Math.min(2 ** attempt, 16);
      if (![0, 429, 503].includes(error.status) || Date.now() + seconds * 1000 > deadline) {
        throw error;
      }
      await pause(seconds);
    }
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  #json = async (method, path, body) => (await this.send(method, path, body)).json();
}

/** Ends early if the connection is lost. @param {Response} response */
async function* readParts(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield decoder.decode(part.value, { stream: true });
    }
  } catch {
    // The caller connects again.
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {Response} response */
async function readError(response) {
  const problem = /** @type {Partial<Schemas["Problem"]>} */ (await response.json().catch(() => ({})));
  const details = Object.values(problem.errors ?? {}).flat();
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const message = details.length > 0 ? details.join(" ") : (problem.detail ?? problem.title ?? `The service answered ${response.status}.`);

  return new ImageResizeError(response.status, problem.code ?? "unexpected", message, Number.isNaN(retryAfter) ? null : retryAfter);
}

/** @param {number} seconds */
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
