// The groups in which the files of a run are submitted once they are uploaded, and the results of their jobs.

import { newId } from "../client/client.js";
import { ImageResizeError } from "../client/http.js";
import { patient } from "../shared/api.js";
import { isEnded } from "./counts.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").Job} Job
 * @typedef {import("./store.js").StoredRun} StoredRun
 * @typedef {import("./store.js").Group} Group
 */

const ParallelReads = 3;

/** The first groups are small, so that thumbnails appear soon. A page of jobs has 100. */
const GroupSizes = [6, 20, 100];
const MaxGroupSeconds = 3;

export class Groups {
  #lastSubmit = 0;

  /** The last group of each item, because a retried item is in several. @type {Map<number, Group>} */
  #groupOf = new Map();

  /** Uploaded, but in no group. @type {Item[]} */
  ready = [];

  /**
   * @param {StoredRun} record
   * @param {import("./items.js").Items} states
   * @param {() => Promise<void>} saveRecord
   */
  constructor(record, states, saveRecord) {
    this.record = record;
    this.states = states;
    this.saveRecord = saveRecord;
    record.groups.forEach((group) => this.#own(group));
  }

  /** Submits an item again. Its former result no longer counts. @param {Item} item */
  repeat(item) {
    this.#groupOf.delete(item.n);
    this.ready.push(item);
  }

  /** @param {Group} group */
  #own(group) {
    group.items.forEach((n) => this.#groupOf.set(n, group));
  }

  /** The items whose result is that of a group. @param {Group} group */
  #itemsOf(group) {
    return group.items.filter((n) => this.#groupOf.get(n) === group).map((n) => this.states.items[n]);
  }

  /**
   * Submits a group if enough files are ready for it.
   * @param {{ isPaused: boolean, isLast: boolean, signal: AbortSignal }} state of the run
   */
  async submit({ isPaused, isLast, signal }) {
    const { groups } = this.record;
    const size = GroupSizes[Math.min(groups.length, GroupSizes.length - 1)];
    const isDue = performance.now() - this.#lastSubmit > MaxGroupSeconds * 1000;
    const unsent = groups.find((group) => !group.id && this.#itemsOf(group).some((item) => !isEnded(item.state)));
    if (!unsent && (isPaused || this.ready.length === 0 || !(this.ready.length >= size || isLast || isDue))) {
      return;
    }
    const group = unsent ?? { key: newId(), items: this.ready.splice(0, size).map((item) => item.n) };
    if (!unsent) {
      groups.push(group);
      this.#own(group);
      await this.states.save();
      await this.saveRecord();
    }
    this.#lastSubmit = performance.now();
    await this.#send(group, signal);
  }

  /** Reads the results of groups that have not ended. @param {AbortSignal} signal */
  async readOpen(signal) {
    await Promise.all(this.#open().slice(0, ParallelReads).map((group) => this.#read(group, signal)));
  }

  /** Reads all results of a run that has ended. They are not stored here, because the service has them. @param {AbortSignal} signal */
  async readAll(signal) {
    for (const group of this.record.groups) {
      await this.#read(group, signal);
    }
  }

  /** Cancels the jobs that the service has not processed. @param {AbortSignal} signal */
  async cancel(signal) {
    this.ready = [];
    await Promise.all(this.#open().map((group) => patient.cancelBatch(group.id, { signal })));
  }

  #open() {
    return this.record.groups.filter(isSubmitted).filter((group) => this.#itemsOf(group).some((item) => item.state === "queued"));
  }

  /**
   * @param {Group} group
   * @param {AbortSignal} signal
   */
  async #send(group, signal) {
    const items = group.items.map((n) => this.states.items[n]);
    const request = { name: this.record.name.slice(0, 200), items: items.map(({ source = "" }) => ({ source })), actions: this.record.actions };
    try {
      const headers = { "Idempotency-Key": group.key };
      const batch = await patient.submitBatch(request, { headers, signal });
      group.id = batch.id;
      for (const item of items) {
        this.states.set(item, "queued");
      }
      await this.saveRecord();
    } catch (error) {
      if (!signal.aborted) {
        items.forEach((item) => this.states.fail(item, error instanceof Error ? error.message : String(error)));
      }
    }
  }

  /**
   * @param {Group} group
   * @param {AbortSignal} signal
   */
  async #read(group, signal) {
    if (!isSubmitted(group)) {
      return;
    }
    try {
      const { value: jobs } = await patient.getJobs(group.id, {}, { signal });
      jobs.forEach((job, i) => {
        if (this.#groupOf.get(group.items[i]) === group) {
          this.#show(this.states.items[group.items[i]], job);
        }
      });
    } catch (error) {
      if (error instanceof ImageResizeError && !signal.aborted) {
        const lost = this.#itemsOf(group).filter((item) => !isEnded(item.state));
        lost.forEach((item) => this.states.fail(item, error.message));
      }
    }
    this.states.changed();
  }

  /**
   * @param {Item} item
   * @param {Job} job
   */
  #show(item, job) {
    item.job = job;
    if (job.state === "failed") {
      this.states.fail(item, job.error?.message ?? "Failed.");
    } else if (item.state !== job.state) {
      this.states.set(item, job.state);
    }
  }
}

/** @param {Group} group @returns {group is Group & { id: string }} */
const isSubmitted = (group) => Boolean(group.id);
