// What this browser remembers of its work, in IndexedDB: runs, their items, and files that have not been sent yet.

/**
 * @typedef {"waiting" | "uploading" | "uploaded" | "queued" | "succeeded" | "failed" | "canceled" | "duplicate"} ItemState
 *
 * @typedef {object} Item
 * @property {string} run
 * @property {number} n
 * @property {string} name the path, with the folders that were dropped
 * @property {number} size
 * @property {number} modified
 * @property {ItemState} state
 * @property {string} [source] where the service keeps the upload
 * @property {string} [error]
 * @property {number} [original] the item with the same content
 * @property {File} [file] until it has been sent
 * @property {Job} [job] not stored: the service has it
 * @property {File} [before] not stored: the file, to be compared with its thumbnails
 *
 * @typedef {import("../client/client.js").Job} Job
 *
 * @typedef {object} Group items that were submitted as one batch
 * @property {string} key the Idempotency-Key
 * @property {string} [id] of the batch
 * @property {number[]} items
 *
 * @typedef {object} StoredRun
 * @property {string} id for a batch, its id
 * @property {"files" | "batch"} kind
 * @property {string} name
 * @property {number} created
 * @property {number | null} total
 * @property {import("./options.js").Action[]} actions
 * @property {Group[]} groups
 * @property {boolean} isOver
 * @property {number} failed
 */

/** @type {Promise<IDBDatabase | null>} */
const database = new Promise((resolve) => {
  const opening = indexedDB.open("imageresize", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("runs", { keyPath: "id" });
    opening.result.createObjectStore("items", { keyPath: ["run", "n"] });
  };
  opening.onsuccess = () => resolve(opening.result);

  // In some private windows. Nothing is remembered then.
  opening.onerror = () => resolve(null);
});

/**
 * @template T
 * @param {"runs" | "items"} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | void} action
 * @returns {Promise<T | undefined>}
 */
async function use(name, mode, action) {
  const opened = await database;
  if (!opened) {
    return undefined;
  }
  return new Promise((resolve) => {
    // The disk may be full, or the user has deleted the data of the page. The work continues, but does not outlast a reload.
    try {
      const transaction = opened.transaction(name, mode);
      const request = action(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => resolve(undefined);
    } catch (error) {
      console.info(error);
      resolve(undefined);
    }
  });
}

/** @param {string} run */
const itemsOf = (run) => IDBKeyRange.bound([run], [run, []]);

/** @returns {Promise<StoredRun[]>} newest first */
export async function loadRuns() {
  const runs = /** @type {StoredRun[]} */ ((await use("runs", "readonly", (store) => store.getAll())) ?? []);
  return runs.sort((a, b) => b.created - a.created);
}

/** @param {StoredRun} run */
export const saveRun = (run) => use("runs", "readwrite", (store) => store.put(run));

/**
 * @param {string} run
 * @returns {Promise<Item[]>}
 */
export const loadItems = async (run) => (await use("items", "readonly", (store) => store.getAll(itemsOf(run)))) ?? [];

/** @param {Item[]} items */
export const saveItems = (items) =>
  use("items", "readwrite", (store) => {
    for (const { job, before, ...item } of items) {
      store.put(item);
    }
  });

/** @param {string} run */
export async function forget(run) {
  await use("runs", "readwrite", (store) => store.delete(run));
  await use("items", "readwrite", (store) => store.delete(itemsOf(run)));
}
