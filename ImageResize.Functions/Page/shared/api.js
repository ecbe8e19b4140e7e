// The service's client, with the keys of this tab. Addresses are relative to the page, and a key is only ever sent as a header.

import { ImageResizeClient } from "../client/client.js";
import { pause } from "../client/http.js";
import { report } from "./connection.js";
import { adminKey, callerKey } from "./keys.js";

/** @typedef {import("../client/http.js").Failure} Failure */

const MaxWaitSeconds = 60;
const address = new URL("./", document.baseURI);

/** @param {string} path */
export const addressOf = (path) => new URL(path.replace(/^\//, ""), address);

/** @type {NonNullable<import("../client/http.js").Settings["fetch"]>} */
const fetchFresh = (to, init) => fetch(to, { ...init, credentials: "omit", cache: "no-cache" });

/** Sends requests once. */
export const client = new ImageResizeClient({ address, key: callerKey, retry: async () => false, fetch: fetchFresh });

/** For what only operators may read. A developer needs no key. */
export const operator = new ImageResizeClient({ address, key: adminKey, retry: async () => false, fetch: fetchFresh });

/**
 * Repeats requests until the service answers them, with a success or a refusal. While it doesn't, the page says so.
 * @param {(failure: Failure) => Promise<boolean>} [isFinal] whether an error that may be temporary is not
 */
export const createPatientClient = (isFinal = async () => false) =>
  new ImageResizeClient({
    address,
    key: callerKey,
    retry: (failure) => wait(failure, isFinal),
    fetch: async (to, init) => {
      const response = await fetchFresh(to, init);
      if (response.ok) {
        void report("works");
      }
      return response;
    },
  });

export const patient = createPatientClient();

/**
 * @param {Failure} failure
 * @param {(failure: Failure) => Promise<boolean>} isFinal
 */
async function wait(failure, isFinal) {
  const { error, attempt, key, signal } = failure;
  if (error.status === 401) {
    // Another request may have asked for the key in the meantime.
    await (callerKey() === key ? report("needs key") : undefined);
    return true;
  }
  if (!error.isTemporary || (await isFinal(failure))) {
    return false;
  }
  const seconds = Math.min(error.retryAfter ?? Math.min(2 ** attempt, 8), MaxWaitSeconds);
  void report(error.status === 429 ? "full" : "away", error.message, seconds);
  await pause(seconds, signal);
  return true;
}
