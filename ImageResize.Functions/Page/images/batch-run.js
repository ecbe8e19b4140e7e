// A batch that the service processes: submitted from addresses and folders, or opened by its id. Its jobs are read page by page, visible
// and failed ones first.

import { ImageResizeError, pause } from "../client/http.js";
import { client, patient } from "../shared/api.js";
import { noCounts, Rate } from "./counts.js";
import { saveRun } from "./store.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Job} Job
 * @typedef {import("./store.js").StoredRun} StoredRun
 */

const PageSize = 100;
const ReadSeconds = 1;

/** Failed jobs that are listed first. */
const MaxFirst = 2_000;

/** More rows are higher than browsers allow an element to be. */
const MaxRows = 400_000;

export class BatchRun extends EventTarget {
  #stop = new AbortController();
  #isWorking = false;
  #failedRead = 0;

  /** Pages that are visible, and whether they were read after all their jobs had ended. @type {Map<number, boolean>} */
  #pages = new Map();

  /** @type {[number, number]} */
  #sight = [0, 0];

  rate = new Rate();
  counts = noCounts();
  isOver = false;
  isPaused = false;
  lost = 0;

  /** Failed jobs that have been read. */
  knownFailed = 0;

  /** @type {{ reason: string, count: number, examples?: string[] }[]} */
  skipped = [];

  /** Why it can't be shown. */
  problem = "";

  /** @type {Item[]} sparse until read */
  items = [];

  /** @param {StoredRun} record */
  constructor(record) {
    super();
    this.record = record;
  }

  /** @param {string} id */
  static open(id) {
    return new BatchRun(
      { id, kind: "batch", name: "", created: Date.now(), total: null, actions: [], groups: [], isOver: false, failed: 0 });
  }

  /**
   * @param {string} name
   * @param {string[]} sources
   * @param {import("./options.js").Action[]} actions
   */
  static async submit(name, sources, actions) {
    const request = { ...(name ? { name } : {}), items: sources.map((source) => ({ source })), actions };
    return BatchRun.#of(await patient.submitBatch(request));
  }

  get id() {
    return this.record.id;
  }

  get total() {
    return Math.min(this.record.total ?? this.items.length, MaxRows);
  }

  start() {
    if (!this.#isWorking) {
      this.#isWorking = true;
      void this.#work().finally(() => (this.#isWorking = false));
    }
  }

  async load() {
    this.start();
  }

  async cancel() {
    await client.cancelBatch(this.id);
  }

  /** @returns {Promise<BatchRun>} the new batch of the failed jobs */
  async retryFailed() {
    return BatchRun.#of(await client.retryBatch(this.id, { error: "any" }));
  }

  /** @param {{ id: string, name?: string }} reply */
  static #of(reply) {
    const run = BatchRun.open(reply.id);
    run.record.name = reply.name ?? "";
    return run;
  }

  /**
   * Reads the jobs of visible rows.
   * @param {number} first
   * @param {number} last
   */
  need(first, last) {
    this.#sight = [Math.floor(first / PageSize), Math.floor(last / PageSize)];
    void this.#readVisible();
  }

  dispose() {
    this.#stop.abort();
  }

  async #work() {
    const signal = this.#stop.signal;
    while (!signal.aborted) {
      try {
        await this.#readBatch(signal);
        await this.#readFailed(signal);
        await this.#readVisible();
      } catch (error) {
        if (error instanceof ImageResizeError) {
          this.problem = error.message;
          this.#changed();
        }
        return;
      }
      if (this.isOver) {
        return;
      }
      await pause(ReadSeconds, signal);
    }
  }

  /** @param {AbortSignal} signal */
  async #readBatch(signal) {
    const batch = await patient.getBatch(this.id, { signal });
    const { queued, succeeded, failed, canceled } = batch.counts;
    const ended = succeeded + failed + canceled;
    Object.assign(this.counts, { queued: queued ?? 0, succeeded, failed, canceled });
    this.rate.add(ended);
    this.skipped = batch.skipped ?? [];
    this.isOver = batch.state === "completed" || batch.state === "canceled";
    Object.assign(this.record, { name: batch.name ?? this.record.name, total: batch.total, isOver: this.isOver, failed });
    await saveRun(this.record);
    this.#changed();
  }

  /** @param {AbortSignal} signal */
  async #readFailed(signal) {
    if (this.counts.failed <= this.#failedRead || this.#failedRead >= MaxFirst) {
      return;
    }
    let found = 0;
    for await (const job of patient.listJobs(this.id, { state: "failed" }, { signal })) {
      this.#show(job);
      if (++found === MaxFirst) {
        break;
      }
    }
    this.#failedRead = Math.max(found, this.#failedRead);
    this.#changed();
  }

  async #readVisible() {
    const signal = this.#stop.signal;
    const [first, last] = this.#sight;
    for (let page = first; page <= last && page * PageSize < this.total; page++) {
      const wasComplete = this.#pages.get(page);
      if (wasComplete === true || (wasComplete === undefined && this.#reading.has(page))) {
        continue;
      }
      this.#reading.add(page);
      try {
        const { value: jobs } = await patient.getJobs(this.id, { from: page * PageSize }, { signal });
        jobs.forEach((job) => this.#show(job));
        this.#pages.set(page, this.isOver || (jobs.length === PageSize && jobs.every((job) => job.state !== "queued")));
        this.#changed();
      } catch (error) {
        if (!(error instanceof ImageResizeError) && !signal.aborted) {
          throw error;
        }
      } finally {
        this.#reading.delete(page);
      }
    }
  }

  /** @type {Set<number>} */
  #reading = new Set();

  /** @param {Job} job */
  #show(job) {
    const n = job.id.length > this.id.length ? Number(job.id.slice(this.id.length + 1)) : 0;
    if (job.state === "failed" && this.items[n]?.state !== "failed") {
      this.knownFailed++;
    }
    this.items[n] = {
      run: this.id, n, name: job.name ?? nameOf(job.source ?? ""), size: 0, modified: 0, state: job.state, error: job.error?.message, job,
    };
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The source without the path of the images folder. @param {string} source */
const nameOf = (source) => source.replace(/^\/ImageResize\/images\//, "");
