// Sends a large file to storage, past the service, which gives a secret address for it.

import { ImageResizeError } from "../client/client.js";
import { pause } from "../client/http.js";
import { createPatientClient } from "../shared/api.js";

/** @typedef {import("../client/api.js").components["schemas"]["UploadAddressReply"]} UploadAddress */

/** Larger files are sent to storage. */
const DirectBytes = 20_000_000;

/** The service itself takes no larger ones. */
const MaxServiceBytes = 104_857_600;

const Attempts = 4;
const NotOffered = 501;

/** Waits while the service is unavailable or busy, unless it can't give addresses. */
const service = createPatientClient(async ({ error }) => error.status === NotOffered);

/** Whether storage was out of reach, as it is if it doesn't allow pages to send files (CORS). It's tried again after a reload. */
let isOutOfReach = false;

/** @param {File} file */
export const isLarge = (file) => file.size > DirectBytes;

/**
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<string | null>} the upload, as a source; null if the file must be sent to the service
 */
export async function uploadDirectly(file, signal) {
  const isSmallEnough = file.size <= MaxServiceBytes;
  if (isOutOfReach && isSmallEnough) {
    return null;
  }
  const place = await findAddress(file, isSmallEnough, signal);
  if (!place) {
    return null;
  }
  if (!(await put(place, file, signal))) {
    isOutOfReach = true;
    if (isSmallEnough) {
      return null;
    }
    throw new ImageResizeError(400, { detail: "The file is too large for the service, and this page can't send it to storage." });
  }
  // The service checks the file now.
  return (await service.json("GET", `v1/images/${place.source.replace("upload://", "")}`, undefined, { signal })).source;
}

/**
 * @param {File} file
 * @param {boolean} isSmallEnough
 * @param {AbortSignal} signal
 * @returns {Promise<UploadAddress | null>} null if the service, or its version, gives none
 */
async function findAddress(file, isSmallEnough, signal) {
  try {
    return await service.json("POST", "v1/uploads", { name: file.name, bytes: file.size }, { signal });
  } catch (error) {
    if (error instanceof ImageResizeError && [404, NotOffered].includes(error.status) && isSmallEnough) {
      return null;
    }
    throw error;
  }
}

/**
 * @param {UploadAddress} place
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} false if storage can't be reached from this page, or refuses it
 */
async function put({ address, headers }, file, signal) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(address, { method: "PUT", body: file, headers, signal, credentials: "omit" }).catch(() => null);
    signal.throwIfAborted();
    if (response?.ok) {
      return true;
    }
    const isTemporary = response !== null && (response.status === 429 || response.status >= 500);
    if (!isTemporary || attempt === Attempts) {
      return false;
    }
    await pause(2 ** attempt, signal);
  }
}
