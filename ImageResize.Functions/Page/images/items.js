// The items of a run, with their states, how many are in which, and what of them is stored.

import { yieldToBrowser } from "../shared/dom.js";
import { endedOf, noCounts } from "./counts.js";
import { saveItems } from "./store.js";

/**
 * @typedef {import("./store.js").Item} Item
 * @typedef {import("./store.js").ItemState} ItemState
 */

/** Copying files takes longer than copying what describes them. */
const FilesAtOnce = 25;
const ItemsAtOnce = 100;

export class Items {
  /** @type {Set<Item>} */
  #unsaved = new Set();

  /** @type {Promise<void>} */
  #saving = Promise.resolve();

  counts = noCounts();

  /** Whether files are stored until they are sent. */
  keepsFiles = false;

  /** Whether nothing may be stored any more. */
  isForgotten = false;

  /**
   * @param {Item[]} items
   * @param {() => void} changed
   */
  constructor(items, changed) {
    this.items = items;
    this.changed = changed;
    items.forEach((item) => this.counts[item.state]++);
  }

  get ended() {
    return endedOf(this.counts);
  }

  /**
   * @param {Item} item
   * @param {ItemState} state
   */
  set(item, state) {
    if (item.state !== state) {
      this.counts[item.state]--;
      this.counts[state]++;
      item.state = state;
      if (state !== "uploading") {
        this.#unsaved.add(item);
      }
      this.changed();
    }
  }

  /**
   * @param {Item} item
   * @param {string} reason
   */
  fail(item, reason) {
    item.error = reason;
    this.set(item, "failed");
  }

  /** Stores all items without their files, which takes less time, so that no item is unknown after a reload. */
  async describeAll() {
    await this.#saveInParts(this.items.map((item) => ({ ...item, file: undefined })));
  }

  /** Stores the files of all items if they are kept. */
  async saveFiles() {
    for (let first = 0; this.keepsFiles && first < this.items.length && !this.isForgotten; first += FilesAtOnce) {
      await saveItems(this.items.slice(first, first + FilesAtOnce));
      await yieldToBrowser();
    }
  }

  /** Stores what has changed, after what has changed before. */
  save() {
    return (this.#saving = this.#saving.then(() => this.#saveChanged()));
  }

  async #saveChanged() {
    const unsaved = [...this.#unsaved].map((item) => (this.keepsFiles ? item : { ...item, file: undefined }));
    this.#unsaved.clear();
    await this.#saveInParts(unsaved);
  }

  /** @param {Item[]} items */
  async #saveInParts(items) {
    for (let first = 0; first < items.length && !this.isForgotten; first += ItemsAtOnce) {
      await saveItems(items.slice(first, first + ItemsAtOnce));
      await yieldToBrowser();
    }
  }
}
