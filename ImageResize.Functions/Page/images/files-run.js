// A run of files of this computer: they are uploaded in parallel, submitted in groups and their results are read, until all have ended.
// Everything is stored as it happens, so that a run continues after a reload without sending a file twice.

import { newId } from "../client/client.js";
import { ImageResizeError, pause } from "../client/http.js";
import { Rate } from "./counts.js";
import { Groups } from "./groups.js";
import { findDuplicates } from "./intake.js";
import { Items } from "./items.js";
import { once } from "./pace.js";
import { loadItems, loadRuns, saveRun } from "./store.js";
import { upload } from "./upload.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").StoredRun} StoredRun
 */

const ParallelUploads = 4;
const TickSeconds = 0.1;
const ReadSeconds = 0.7;
const SaveSeconds = 0.5;
const ElsewhereMs = 1_000;

/** Files that are kept until they are sent, so that a reload does not lose them. */
const MaxKeptBytes = 400_000_000;

export class FilesRun extends EventTarget {
  #stop = new AbortController();
  #isWorking = false;
  #isPaused = false;
  #uploads = 0;
  #next = 0;

  /** @type {Items} */
  #states;

  /** @type {Groups} */
  #groups;

  #submitDue = once(() => this.#submit());
  #readDue = once(() => this.#groups.readOpen(this.#stop.signal), ReadSeconds);
  #saveDue = once(() => this.#states.save(), SaveSeconds);

  #isForgotten = false;

  rate = new Rate();

  /** Whether another tab of this browser processes it. */
  isElsewhere = false;

  /**
   * @param {StoredRun} record
   * @param {Item[]} items
   */
  constructor(record, items) {
    super();
    this.record = record;
    this.#states = new Items(items, () => this.#changed());
    this.#groups = new Groups(record, this.#states, () => this.#saveRecord());
    this.#begin(items);
  }

  /** @param {Item[]} items */
  #begin(items) {
    this.#states.keepsFiles = items.some((item) => item.file !== undefined);
    const groups = new Map(this.record.groups.flatMap((group) => group.items.map((n) => [n, group])));
    for (const item of items) {
      // Files that were being sent when the page was closed are sent again. Groups are stored before items.
      if (item.state === "uploading") {
        this.#states.set(item, "waiting");
      } else if (item.state === "uploaded" && groups.get(item.n)?.id) {
        this.#states.set(item, "queued");
      }
      if (item.state === "uploaded" && !groups.has(item.n)) {
        this.#groups.ready.push(item);
      }
    }
  }

  /**
   * @param {string} name
   * @param {import("./intake.js").DescribedFile[]} files
   * @param {import("./options.js").Action[]} actions
   */
  static create(name, files, actions) {
    const id = newId();
    const items = files.map(({ name: path, file, size, modified }, n) =>
      /** @type {Item} */ ({ run: id, n, name: path, size, modified, state: "waiting", file }));
    const run = new FilesRun({
      id, kind: "files", name, created: Date.now(), total: files.length, actions, groups: [], isOver: false, failed: 0,
    }, items);
    run.#states.keepsFiles = files.reduce((sum, { size }) => sum + size, 0) <= MaxKeptBytes;
    return run;
  }

  get id() {
    return this.record.id;
  }

  get items() {
    return this.#states.items;
  }

  get counts() {
    return this.#states.counts;
  }

  get total() {
    return this.items.length;
  }

  get isOver() {
    return this.#states.ended === this.items.length;
  }

  get isPaused() {
    return this.#isPaused;
  }

  get knownFailed() {
    return this.counts.failed;
  }

  get skipped() {
    return /** @type {{ reason: string, count: number }[]} */ ([]);
  }

  /** The number of items whose files were lost by a reload and must be chosen again. */
  get lost() {
    return this.counts.waiting === 0 ? 0 : this.items.filter((item) => item.state === "waiting" && !item.file).length;
  }

  /** Stores a new run, marks files that are there twice, and starts. The items are stored first, so that a stored run is complete. */
  async prepare() {
    await this.#states.describeAll();
    await saveRun(this.record);
    const files = this.items.map(({ size, file }) => ({ size, file: /** @type {File} */ (file) }));
    await findDuplicates(files, (n, original) => {
      this.items[n].original = original;
      this.#states.set(this.items[n], "duplicate");
    });
    this.start();
    await this.#states.saveFiles();
  }

  /** Starts, or continues after a reload, a cancellation or a retry. */
  start() {
    this.#next = 0;
    if (!this.#isWorking) {
      this.#isWorking = true;
      void this.#workAlone().finally(() => (this.#isWorking = false));
    }
  }

  pause() {
    this.#isPaused = true;
    this.#changed();
  }

  resume() {
    this.#isPaused = false;
    this.#changed();
  }

  /** Stops sending, and cancels the jobs that the service has not processed. */
  async cancel() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#isPaused = false;
    for (const item of this.items) {
      if (item.state === "waiting" || item.state === "uploading" || item.state === "uploaded") {
        this.#states.set(item, "canceled");
      }
    }
    await this.#groups.cancel(this.#stop.signal);
    this.start();
  }

  /** Sends failed files again; those that the service has are only submitted again. */
  retryFailed() {
    for (const item of this.items) {
      if (item.state === "failed" && (item.source || item.file)) {
        item.error = undefined;
        item.job = undefined;
        this.#states.set(item, item.source ? "uploaded" : "waiting");
        if (item.source) {
          this.#groups.repeat(item);
        }
      }
    }
    this.record.isOver = false;
    this.start();
  }

  /**
   * Restores lost files after a reload. A file is recognized by its path, size and time.
   * @param {import("./intake.js").DescribedFile[]} files
   * @returns {number} how many were found
   */
  attachFiles(files) {
    const keyOf = (/** @type {string} */ name, /** @type {number} */ size, /** @type {number} */ time) => `${name}\n${size}\n${time}`;
    const known = new Map(files.map(({ name, file, size, modified }) => [keyOf(name, size, modified), file]));
    let found = 0;
    for (const item of this.items) {
      const file = known.get(keyOf(item.name, item.size, item.modified));
      if (file && item.state === "waiting" && !item.file) {
        item.file = file;
        found++;
      }
    }
    this.start();
    return found;
  }

  /** The results of a run that has ended. They are not stored here, because the service has them. */
  async load() {
    await this.#groups.readAll(this.#stop.signal);
  }

  /** Nothing to load: all items are known. @param {number} _first @param {number} _last */
  need(_first, _last) {}

  /** Ends all requests of a run that is removed from the history. */
  dispose() {
    this.#isForgotten = true;
    this.#states.isForgotten = true;
    this.#stop.abort();
    this.#isPaused = true;
  }

  /** Waits until no other tab works on the same run, which would send the same files. */
  async #workAlone() {
    if (!navigator.locks) {
      await this.#work(); // on pages without https
      return;
    }
    const late = setTimeout(() => {
      this.isElsewhere = true;
      this.#changed();
    }, ElsewhereMs);
    await navigator.locks.request(`imageresize-${this.id}`, async () => {
      clearTimeout(late);
      const record = this.isElsewhere ? (await loadRuns()).find((run) => run.id === this.id) : null;
      if (record) {
        await this.#reload(record);
      }
      this.isElsewhere = false;
      await this.#work();
    });
  }

  async #work() {
    while (!this.isOver && !this.#isForgotten) {
      this.#startUploads();
      this.#submitDue();
      this.#readDue();
      this.#saveDue();
      this.rate.add(this.#states.ended);
      await pause(TickSeconds);
    }
    this.record.isOver = this.isOver;
    this.record.failed = this.counts.failed;
    await this.#states.save();
    await this.#saveRecord();
    this.#changed();
  }

  /** Takes over the state that another tab has stored. @param {StoredRun} record */
  async #reload(record) {
    const items = await loadItems(this.id);
    this.record = record;
    this.#states = new Items(items, () => this.#changed());
    this.#groups = new Groups(record, this.#states, () => this.#saveRecord());
    this.#begin(items);
  }

  async #saveRecord() {
    if (!this.#isForgotten) {
      await saveRun(this.record);
    }
  }

  #startUploads() {
    while (!this.#isPaused && this.#uploads < ParallelUploads) {
      while (this.#next < this.items.length && (this.items[this.#next].state !== "waiting" || !this.items[this.#next].file)) {
        this.#next++;
      }
      if (this.#next === this.items.length) {
        return;
      }
      const item = this.items[this.#next++];
      this.#states.set(item, "uploading");
      this.#uploads++;
      void this.#upload(item, this.#stop.signal).finally(() => {
        this.#uploads--;
        this.#startUploads();
      });
    }
  }

  /**
   * @param {Item} item
   * @param {AbortSignal} signal
   */
  async #upload(item, signal) {
    try {
      item.source = await upload(/** @type {File} */ (item.file), signal);
      item.before = item.file;
      item.file = undefined;
      this.#groups.ready.push(item);
      this.#states.set(item, "uploaded");
    } catch (error) {
      if (!signal.aborted) {
        this.#states.fail(item, error instanceof ImageResizeError ? error.message : "The file can't be read. It may have been moved.");
      }
    }
  }

  #submit() {
    const isLast = this.counts.waiting - this.lost === 0 && this.counts.uploading === 0;
    return this.#groups.submit({ isPaused: this.#isPaused, isLast, signal: this.#stop.signal });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
