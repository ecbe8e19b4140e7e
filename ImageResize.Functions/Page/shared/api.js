// Requests to the service. Addresses are relative to the page, and the key is only ever sent as a header.

import { callerKey } from "./keys.js";
import { report } from "./connection.js";

const root = new URL("./", document.baseURI);

/** A response that isn't a success. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 if there was no response
   * @param {string} code
   * @param {string} message
   * @param {number | null} retryAfter seconds
   */
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** @param {string} path */
export const addressOf = (path) => new URL(path.replace(/^\//, ""), root);

/**
 * @typedef {object} Options
 * @property {string} [method]
 * @property {BodyInit} [body]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 * @property {string} [key] instead of the caller's
 */

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Response>} a success
 */
export async function send(path, { method = "GET", body, headers = {}, signal, key = callerKey() } = {}) {
  const sent = key ? { ...headers, "x-functions-key": key } : headers;
  let response;
  try {
    response = await fetch(addressOf(path), { method, body, headers: sent, signal, credentials: "omit", cache: "no-cache" });
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new ApiError(0, "no_answer", "The service doesn't answer.");
  }
  if (!response.ok) {
    throw await errorOf(response);
  }
  return response;
}

/**
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export const read = async (path, options) => (await send(path, options)).json();

/**
 * @param {string} path
 * @param {unknown} content
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export const post = (path, content, options = {}) =>
  read(path, {
    ...options,
    method: "POST",
    body: JSON.stringify(content),
    headers: { ...options.headers, "Content-Type": "application/json" },
  });

/**
 * Repeats a request until the service answers it, with a success or a refusal. While it doesn't, the page says so.
 * @template T
 * @param {() => Promise<T>} request
 * @param {AbortSignal} [signal]
 * @param {(error: ApiError, attempt: number) => Promise<boolean>} [isFinal] whether an error that may be temporary is not
 * @returns {Promise<T>}
 */
export async function withRetries(request, signal, isFinal = async () => false) {
  for (let attempt = 1; ; attempt++) {
    const key = callerKey();
    try {
      const result = await request();
      report("works");
      return result;
    } catch (error) {
      if (!(error instanceof ApiError) || signal?.aborted) {
        throw error;
      }
      if (error.status === 401) {
        // Another request may have asked for the key in the meantime.
        await (callerKey() === key ? report("needs key") : undefined);
      } else if (error.isTemporary && error.status !== 507 && !(await isFinal(error, attempt))) {
        const seconds = Math.min(error.retryAfter ?? Math.min(2 ** attempt, 8), 60);
        report(error.status === 429 ? "full" : "away", error.message, seconds);
        await pause(seconds, signal);
      } else {
        throw error;
      }
    }
  }
}

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal] ends the wait early
 * @returns {Promise<void>}
 */
export const pause = (seconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

/** A UUID, also where the page is not loaded with https and crypto.randomUUID is missing. */
export function newId() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (value) => value.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** @param {Response} response */
async function errorOf(response) {
  const problem = await response.json().catch(() => ({}));
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const items = /** @type {{ errors: string[] }[]} */ (problem.items ?? []).flatMap((item) => item.errors ?? []);
  const details = /** @type {string[]} */ ([...Object.values(problem.errors ?? {}).flat(), ...items]);
  const message = details.length > 0 ? details.join(" ") : (problem.detail ?? problem.title ?? textOf(response.status));
  return new ApiError(response.status, problem.code ?? "", message, Number.isNaN(retryAfter) ? null : retryAfter);
}

/** Under a Functions host, some errors have no body. @param {number} status */
function textOf(status) {
  return status === 401 ? "The key is missing or not valid." : `The service answered with status ${status}.`;
}
