// A list of any length, of which only the visible rows exist.

import { h, oncePerFrame } from "../shared/dom.js";

const Extra = 6;

/**
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {(index: number) => void} show
 */

export class VirtualList {
  /** By index. @type {Map<number, Row>} */
  #rows = new Map();

  /** @type {Row[]} */
  #free = [];

  #length = 0;
  #render = oncePerFrame(() => this.#show());

  /**
   * @param {object} options
   * @param {number} options.rowHeight
   * @param {string} options.label
   * @param {() => Row} options.create
   * @param {(first: number, last: number) => void} options.seen
   */
  constructor({ rowHeight, label, create, seen }) {
    this.rowHeight = rowHeight;
    this.create = create;
    this.seen = seen;
    this.spacer = h("div", { class: "list-rows", role: "list", "aria-label": label });
    this.element = h("div", { class: "list", tabindex: 0, role: "region", "aria-label": label, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#move(event) }, this.spacer);
    this.element.addEventListener("scroll", this.#render, { passive: true });
    new ResizeObserver(this.#render).observe(this.element);
  }

  /** Shows the current state of all visible rows. @param {number} length */
  update(length) {
    if (length !== this.#length) {
      this.#length = length;
      this.spacer.style.height = `${length * this.rowHeight}px`;
    }
    this.#render();
  }

  scrollToTop() {
    this.element.scrollTop = 0;
  }

  #show() {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / this.rowHeight) - Extra);
    const last = Math.min(this.#length - 1, Math.ceil((scrollTop + clientHeight) / this.rowHeight) + Extra);
    for (const [index, row] of this.#rows) {
      if (index < first || index > last) {
        this.#rows.delete(index);
        this.#free.push(row);
      }
    }
    for (let index = first; index <= last; index++) {
      this.#place(index);
    }
    for (const row of this.#free) {
      row.element.hidden = true;
    }
    if (last >= first) {
      this.seen(first, last);
    }
  }

  /** @param {number} index */
  #place(index) {
    let row = this.#rows.get(index);
    if (!row) {
      row = this.#free.pop() ?? this.#add();
      this.#putInOrder(row, index);
      this.#rows.set(index, row);
      row.element.hidden = false;
      row.element.style.transform = `translateY(${index * this.rowHeight}px)`;
      row.element.setAttribute("aria-setsize", String(this.#length));
      row.element.setAttribute("aria-posinset", String(index + 1));
    }
    row.show(index);
  }

  /** The tab key and screen readers follow the order in the document. @param {Row} row @param {number} index */
  #putInOrder(row, index) {
    const next = Math.min(...[...this.#rows.keys()].filter((other) => other > index));
    this.spacer.insertBefore(row.element, this.#rows.get(next)?.element ?? null);
  }

  #add() {
    const row = this.create();
    row.element.setAttribute("role", "listitem");
    return row;
  }

  /** Arrow keys move from row to row. @param {KeyboardEvent} event */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || this.#length === 0) {
      return;
    }
    const focused = [...this.#rows].find(([, row]) => row.element.contains(document.activeElement))?.[0];
    const from = focused ?? Math.ceil(this.element.scrollTop / this.rowHeight) - 1;
    const to = Math.min(this.#length - 1, Math.max(0, from + step));
    event.preventDefault();
    const top = to * this.rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop || top + this.rowHeight > scrollTop + clientHeight) {
      this.element.scrollTop = top < scrollTop ? top : top + this.rowHeight - clientHeight;
    }
    this.#show();
    this.#rows.get(to)?.element.querySelector("button")?.focus({ preventScroll: true });
  }
}
