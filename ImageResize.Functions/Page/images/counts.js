// The items of a run by state, its rate and the time left.

/**
 * @typedef {import("./store.js").ItemState} ItemState
 * @typedef {Record<ItemState, number>} Counts
 */

/** The rate is the average of this many seconds. */
const Window = 12;

/** @returns {Counts} */
export const noCounts = () =>
  ({ waiting: 0, uploading: 0, uploaded: 0, queued: 0, succeeded: 0, failed: 0, canceled: 0, duplicate: 0 });

/** @param {ItemState} state */
export const isEnded = (state) => state === "succeeded" || state === "failed" || state === "canceled" || state === "duplicate";

/** @param {Counts} counts */
export const endedOf = (counts) => counts.succeeded + counts.failed + counts.canceled + counts.duplicate;

/** @param {Counts} counts */
export const sentOf = (counts) => endedOf(counts) + counts.uploaded + counts.queued;

/** Measures a rate from totals at different times. */
export class Rate {
  /** @type {{ time: number, total: number }[]} */
  #samples = [];

  /** @param {number} total */
  add(total) {
    const time = performance.now() / 1000;
    const last = this.#samples.at(-1);
    if (last && time - last.time < 0.5) {
      return;
    }
    this.#samples.push({ time, total });
    while (this.#samples.length > 2 && time - this.#samples[0].time > Window) {
      this.#samples.shift();
    }
  }

  /** Images per second. */
  get value() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return first && last && last.time - first.time > 1 ? Math.max(0, (last.total - first.total) / (last.time - first.time)) : 0;
  }
}
