// Sends one file to the service.

import { patiently, read, send } from "../shared/api.js";

/** A connection that is closed so often during an upload is a refusal: of a body that is too large, for example. */
const MaxUnanswered = 4;

/**
 * Waits while the service is away or busy.
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the upload, as a source
 */
export async function upload(file, signal) {
  const request = { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, signal };
  return (await patiently(() => read("v1/images", request), signal, isRefused)).source;
}

/**
 * Whether a service that works closes the connection again and again.
 * @param {import("../shared/api.js").ApiError} error
 * @param {number} attempt
 */
const isRefused = async (error, attempt) =>
  error.status === 0 && attempt >= MaxUnanswered && (await send("health/live").then(() => true, () => false));
