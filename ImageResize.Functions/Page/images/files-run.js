// A run of files of this computer: they are uploaded in parallel, submitted in groups and their results are read, until all have ended.
// Everything is stored as it happens, so that a run continues after a reload without sending a file twice.

import { ApiError, newId, patiently, pause, post, read, send } from "../shared/api.js";
import { isEnded, Rate } from "./counts.js";
import { findDuplicates } from "./intake.js";
import { Items } from "./items.js";
import { once } from "./pace.js";
import { loadItems, loadRuns, saveRun } from "./store.js";
import { upload } from "./upload.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Job} Job
 * @typedef {import("./store.js").StoredRun} StoredRun
 * @typedef {import("./store.js").Group} Group
 */

const ParallelUploads = 4;
const ParallelReads = 3;

/** The first groups are small, so that thumbnails appear soon. A page of jobs has 100. */
const GroupSizes = [6, 20, 100];
const MaxGroupSeconds = 3;
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
  #lastSubmit = 0;

  /** @type {Items} */
  #states;

  /** Uploaded, but in no group. @type {Item[]} */
  #ready = [];

  #submitDue = once(() => this.#submit());
  #readDue = once(() => this.#readGroups(), ReadSeconds);
  #saveDue = once(() => this.#states.save(), SaveSeconds);

  #isForgotten = false;

  rate = new Rate();

  /** Whether another tab of this browser works on it. */
  isElsewhere = false;

  /**
   * @param {StoredRun} record
   * @param {Item[]} items
   */
  constructor(record, items) {
    super();
    this.record = record;
    this.#states = new Items([], () => this.#changed());
    this.#begin(record, items);
  }

  /**
   * @param {StoredRun} record
   * @param {Item[]} items
   */
  #begin(record, items) {
    this.record = record;
    this.#states = new Items(items, () => this.#changed());
    this.#states.keepsFiles = items.some((item) => item.file !== undefined);
    this.#ready = [];
    const groups = new Map(record.groups.flatMap((group) => group.items.map((n) => [n, group])));
    for (const item of items) {
      // What was on its way when the page was closed is sent again. Groups are stored before items.
      if (item.state === "uploading") {
        this.#states.set(item, "waiting");
      } else if (item.state === "uploaded" && groups.get(item.n)?.id) {
        this.#states.set(item, "queued");
      }
      if (item.state === "uploaded" && !groups.has(item.n)) {
        this.#ready.push(item);
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

  /** How many items need their files again, which a reload has lost. */
  get lost() {
    return this.counts.waiting === 0 ? 0 : this.items.filter((item) => item.state === "waiting" && !item.file).length;
  }

  /** Stores a new run, marks files that are there twice, and starts. */
  async prepare() {
    await saveRun(this.record);
    const files = this.items.map(({ size, file }) => ({ size, file: /** @type {File} */ (file) }));
    await findDuplicates(files, (n, original) => {
      this.items[n].original = original;
      this.#states.set(this.items[n], "duplicate");
    });
    this.start();
    await this.#states.saveAll();
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

  /** Stops sending and cancels what the service has not done. */
  async cancel() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#ready = [];
    this.#isPaused = false;
    for (const item of this.items) {
      if (item.state === "waiting" || item.state === "uploading" || item.state === "uploaded") {
        this.#states.set(item, "canceled");
      }
    }
    const open = this.record.groups.filter((group) => group.id && this.#isOpen(group));
    await Promise.all(open.map((group) => patiently(() => send(`v1/batches/${group.id}`, { method: "DELETE" }), this.#stop.signal)));
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
          this.#ready.push(item);
        }
      }
    }
    this.record.isOver = false;
    this.start();
  }

  /**
   * Gives lost files back after a reload. Files are the same if path, size and time are.
   * @param {import("./intake.js").DescribedFile[]} files
   * @returns {number} how many were found
   */
  giveFiles(files) {
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
    for (const group of this.record.groups) {
      await this.#read(group);
    }
  }

  /** Nothing to load: all items are known. @param {number} _first @param {number} _last */
  need(_first, _last) {}

  /** Ends all requests, for a run that is forgotten. */
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
        this.#begin(record, await loadItems(this.id));
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
      this.#ready.push(item);
      this.#states.set(item, "uploaded");
    } catch (error) {
      if (!signal.aborted) {
        this.#states.fail(item, error instanceof ApiError ? error.message : "The file can't be read. It may have been moved.");
      }
    }
  }

  async #submit() {
    const { groups } = this.record;
    const size = GroupSizes[Math.min(groups.length, GroupSizes.length - 1)];
    const isLast = this.counts.waiting - this.lost === 0 && this.counts.uploading === 0;
    const isDue = performance.now() - this.#lastSubmit > MaxGroupSeconds * 1000;
    const unsent = groups.find((group) => !group.id && group.items.some((n) => !isEnded(this.items[n].state)));
    if (!unsent && (this.#isPaused || this.#ready.length === 0 || !(this.#ready.length >= size || isLast || isDue))) {
      return;
    }
    const group = unsent ?? { key: newId(), items: this.#ready.splice(0, size).map((item) => item.n) };
    if (!unsent) {
      groups.push(group);
      await this.#states.save();
      await this.#saveRecord();
    }
    this.#lastSubmit = performance.now();
    await this.#submitGroup(group, this.#stop.signal);
  }

  /**
   * @param {Group} group
   * @param {AbortSignal} signal
   */
  async #submitGroup(group, signal) {
    const items = group.items.map((n) => this.items[n]);
    const request = { name: this.record.name.slice(0, 200), items: items.map(({ source }) => ({ source })), actions: this.record.actions };
    try {
      const headers = { "Idempotency-Key": group.key };
      const batch = await patiently(() => post("v1/batches", request, { headers, signal }), signal);
      group.id = batch.id;
      for (const item of items) {
        this.#states.set(item, "queued");
      }
      await this.#saveRecord();
    } catch (error) {
      if (!signal.aborted) {
        items.forEach((item) => this.#states.fail(item, error instanceof Error ? error.message : String(error)));
      }
    }
  }

  async #readGroups() {
    const open = this.record.groups.filter((group) => group.id && this.#isOpen(group)).slice(0, ParallelReads);
    await Promise.all(open.map((group) => this.#read(group)));
  }

  /** @param {Group} group */
  async #read(group) {
    if (!group.id) {
      return;
    }
    const signal = this.#stop.signal;
    try {
      const page = await patiently(() => read(`v1/batches/${group.id}/jobs`, { signal }), signal);
      /** @type {Job[]} */ (page.value).forEach((job, i) => this.#show(this.items[group.items[i]], job));
    } catch (error) {
      if (error instanceof ApiError && !signal.aborted) {
        const lost = group.items.map((n) => this.items[n]).filter((item) => !isEnded(item.state));
        lost.forEach((item) => this.#states.fail(item, error.message));
      }
    }
    this.#changed();
  }

  /**
   * @param {Item} item
   * @param {Job} job
   */
  #show(item, job) {
    item.job = job;
    if (job.state === "failed") {
      this.#states.fail(item, job.error?.message ?? "Failed.");
    } else if (item.state !== job.state) {
      this.#states.set(item, job.state);
    }
  }

  /** @param {Group} group */
  #isOpen(group) {
    return group.items.some((n) => this.items[n].state === "queued");
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
