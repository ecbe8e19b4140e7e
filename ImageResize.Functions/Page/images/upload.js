// Sends one file to the service.

import { client, createPatientClient } from "../shared/api.js";
import { isLarge, uploadDirectly } from "./direct-upload.js";

/** If the connection is closed this often during an upload, the service refuses the upload, for example because it is too large. */
const MaxUnanswered = 4;

/** Waits while the service is unavailable or busy, unless one that works closes the connection again and again. */
const uploads = createPatientClient(async ({ error, attempt }) =>
  error.status === 0 && attempt >= MaxUnanswered && (await client.send("GET", "health/live").then(() => true, () => false)));

/**
 * Large files are sent to storage, if that is possible.
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the upload, as a source
 */
export const upload = async (file, signal) =>
  (isLarge(file) ? await uploadDirectly(file, signal) : null) ?? (await uploads.upload(file, file.name, { signal })).source;
