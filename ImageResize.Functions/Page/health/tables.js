// The parts that the service depends on, and its instances, as tables.

import { fill, h } from "../shared/dom.js";
import { bytes, count, plural } from "../shared/format.js";

/** @typedef {import("../client/client.js").Schemas["WatchReply"]} Watch */

/** @param {string} title @param {string[]} columns */
function createTable(title, columns) {
  const body = h("tbody");
  const caption = h("caption", {}, title);
  const table = h("table", {}, caption, h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))), body);
  const element = h("div", { class: "table", tabindex: 0, role: "region", "aria-label": title }, table);

  /** @param {(string | HTMLElement)[][]} rows */
  const show = (rows) => fill(body, rows.map(([first, ...others]) => h("tr", {}, h("th", { scope: "row" }, first), others.map((cell) => h("td", {}, cell)))));
  return { element, caption, show };
}

export function createParts() {
  const table = createTable("Parts", ["Part", "State", "Latency"]);
  const engine = h("dl", { class: "facts" });
  const element = h("section", {}, table.element, engine);

  /**
   * @param {Record<string, import("./view.js").Part>} parts
   * @param {Record<string, string | number>} values
   */
  function show(parts, values) {
    table.show(Object.entries(parts).map(([name, { state, reason, latencyMs }]) =>
      [name, h("span", { class: "part-state", "data-state": state }, reason || state), latencyMs < 1 ? "< 1 ms" : `${Math.round(latencyMs)} ms`]));
    fill(engine, Object.entries(values).map(([name, value]) => h("div", {}, h("dt", {}, nameOf(name)), h("dd", {}, textOf(name, value)))));
  }

  return { element, show };
}

export function createInstances() {
  const table = createTable("Instances", ["Instance", "Up", "CPU", "Memory", "At work", "Done", "Failed"]);
  const ended = h("p", { class: "hint" });
  const element = h("section", {}, table.element, ended);

  /**
   * @param {import("./view.js").Instance[]} running
   * @param {number} others
   * @param {(seconds: number) => string} duration
   */
  function show(running, others, duration) {
    table.element.hidden = running.length === 0;
    table.show(running.map((each) => [
      each.name,
      duration((Date.now() - Date.parse(each.startedAt)) / 1000),
      `${Math.round(each.cpuPercent)} %`,
      bytes(each.memoryBytes),
      count(each.imagesInWork),
      count(each.succeeded),
      count(each.failed),
    ]));
    fill(ended, others > 0 ? `${plural(others, "other instance has", "other instances have")} ended in this period.` : "");
  }

  return { element, show };
}

/** Containers and folders that process themselves. Hidden where there are none. */
export function createWatches() {
  const table = createTable("Watched containers and folders", ["Watch", "Source", "State", "Found", "Done", "Failed", "Open batches", "Last image"]);
  const element = h("section", { hidden: true }, table.element);

  /** @param {Watch[]} watches */
  function show(watches) {
    element.hidden = watches.length === 0;
    table.show(watches.map(({ name, source, counts, openBatches, lastSeenAt, error }) => [
      name,
      source,
      h("span", { class: "part-state", "data-state": error ? "failed" : "works" }, error ? error.message : "works"),
      count(counts.found),
      count(counts.succeeded),
      count(counts.failed),
      count(openBatches),
      lastSeenAt ? new Date(lastSeenAt).toLocaleString() : "none yet",
    ]));
  }

  return { element, show };
}

/** Times and failures of the process that has answered. Hidden where there are none. */
export function createProcess() {
  const steps = createTable("Times of this instance since its start", ["Step", "p50", "p95", "p99", "Count"]);
  const reasons = createTable("Its failures by reason", ["Reason", "Images"]);
  const element = h("div", { class: "health-tables", hidden: true }, h("section", {}, reasons.element), h("section", {}, steps.element));

  /**
   * @param {import("./metrics.js").Times[]} times
   * @param {[string, number][]} failures
   */
  function show(times, failures) {
    element.hidden = times.length === 0;
    steps.show(times.map((each) => [each.step, seconds(each.p50), seconds(each.p95), seconds(each.p99), count(each.count)]));
    reasons.show(failures.length > 0 ? failures.map(([reason, number]) => [reason.replaceAll("_", " "), count(number)]) : [["none", "0"]]);
  }

  return { element, show };
}

/** @param {number} value */
const seconds = (value) => (value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(1)} s`);

/** @param {string} name in camel case */
const nameOf = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (letter) => letter.toUpperCase())
  .replace(/ bytes$| seconds$/, "");

/**
 * @param {string} name
 * @param {string | number} value
 */
const textOf = (name, value) =>
  typeof value === "number" ? (name.endsWith("Bytes") ? bytes(value) : name.endsWith("Seconds") ? `${value} s` : count(value)) : value;
