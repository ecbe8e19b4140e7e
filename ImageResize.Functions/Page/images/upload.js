// Sends one file to the service.

import { withRetries, read, send } from "../shared/api.js";

/** If the connection is closed this often during an upload, the service refuses the upload, for example because it is too large. */
const MaxUnanswered = 4;

/**
 * Waits while the service is unavailable or busy.
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the upload, as a source
 */
export async function upload(file, signal) {
  const request = { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, signal };
  return (await withRetries(() => read(`v1/images?name=${encodeURIComponent(file.name)}`, request), signal, isRefused)).source;
}

/**
 * Whether a service that works closes the connection again and again.
 * @param {import("../shared/api.js").ApiError} error
 * @param {number} attempt
 */
const isRefused = async (error, attempt) =>
  error.status === 0 && attempt >= MaxUnanswered && (await send("health/live").then(() => true, () => false));
