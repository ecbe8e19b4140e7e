// Requests to the service. They are repeated while it is unavailable or busy, and failures are errors with its problem object.

/** @typedef {import("./api.js").components["schemas"]["Problem"]} Problem */
/** @typedef {{ signal?: AbortSignal | undefined, headers?: Record<string, string> }} Options */
/** @typedef {{ error: ImageResizeError, attempt: number, seconds: number, key: string, signal?: AbortSignal | undefined }} Failure */

/**
 * @typedef {object} Settings
 * @property {string | URL} address of the service
 * @property {string | (() => string)} [key]
 * @property {number} [maxRetrySeconds] for which requests are repeated after 429, 503 and faults; 120 by default
 * @property {(failure: Failure) => Promise<boolean>} [retry] instead: waits, and decides whether a request is repeated
 * @property {(address: URL, init: RequestInit) => Promise<Response>} [fetch]
 */

/** The service refused a request, failed, or could not be reached. */
export class ImageResizeError extends Error {
  /**
   * @param {number} status 0 if there was no response
   * @param {Partial<Problem>} problem
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, problem, retryAfter = null) {
    const items = (problem.items ?? []).map(({ item, message }) => `Item ${item}: ${message}`);
    const details = [...Object.values(problem.errors ?? {}).flat(), ...items];
    super(details.join(" ") || problem.detail || problem.title || textOf(status));
    this.name = "ImageResizeError";
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** For programs, such as `batch_not_found`; `unreachable` if there was no response. */
  get code() {
    return this.problem.code ?? (this.status === 0 ? "unreachable" : "unexpected");
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return [0, 408, 429].includes(this.status) || (this.status >= 500 && ![501, 507].includes(this.status));
  }
}

/** @param {Settings} settings */
export function createSend({ address, key = "", maxRetrySeconds = 120, ...others }) {
  const root = new URL(`${address}`.replace(/\/*$/, "/"));
  const keyOf = typeof key === "string" ? () => key : key;
  const retry = others.retry ?? ((failure) => waitToRetry(failure, maxRetrySeconds));
  const request = others.fetch ?? ((to, init) => fetch(to, init));

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body] an image, or what is sent as JSON
   * @param {Options} [options]
   * @returns {Promise<Response>} a success
   */
  return async function send(method, path, body, { signal, headers = {} } = {}) {
    const isImage = body instanceof Blob;
    const type = isImage ? "application/octet-stream" : "application/json";
    const content = body === undefined ? null : isImage ? body : JSON.stringify(body);
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const used = keyOf();
      const all = new Headers({ ...(body === undefined ? {} : { "Content-Type": type }), ...headers });
      if (used) {
        all.set("x-functions-key", used);
      }
      let error;
      try {
        const init = { method, headers: all, body: content, signal: signal ?? null };
        const response = await request(new URL(path.replace(/^\//, ""), root), init);
        if (response.ok) {
          return response;
        }
        error = await errorOf(response);
      } catch (failed) {
        if (signal?.aborted) {
          throw failed;
        }
        error = new ImageResizeError(0, { detail: "The service doesn't answer." });
        error.cause = failed;
      }
      if (!(await retry({ error, attempt, seconds: (performance.now() - started) / 1000, key: used, signal }))) {
        throw error;
      }
    }
  };
}

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal] ends the wait early
 * @returns {Promise<void>}
 */
export const pause = (seconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, signal?.aborted ? 0 : seconds * 1000);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

/** Waits as the service asks, or longer each time. @param {Failure} failure @param {number} maxSeconds */
async function waitToRetry({ error, attempt, seconds, signal }, maxSeconds) {
  const wait = error.retryAfter ?? Math.min(2 ** (attempt - 1), 16);
  const isRepeated = error.isTemporary && seconds + wait < maxSeconds;
  if (isRepeated) {
    await pause(wait, signal);
  }
  return isRepeated;
}

/** @param {Response} response */
async function errorOf(response) {
  const problem = /** @type {Partial<Problem>} */ (await response.json().catch(() => ({})));
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);

  return new ImageResizeError(response.status, problem, Number.isNaN(retryAfter) ? null : retryAfter);
}

/** Under a Functions host, some errors have no body. @param {number} status */
const textOf = (status) => (status === 401 ? "The key is missing or not valid." : `The service answered with status ${status}.`);
