// The view Health: whether the service works, and with the admin key its work in the last hours.

import { ImageResizeError } from "../client/http.js";
import { client, operator } from "../shared/api.js";
import { fill, h, setText } from "../shared/dom.js";
import { bytes, count, duration, plural, rate } from "../shared/format.js";
import { adminKey, askForKeys } from "../shared/keys.js";
import { loadStyle } from "../shared/style.js";
import { createCharts, loadUPlot } from "./charts.js";
import { failures, oldestMessage, parseMetrics, times } from "./metrics.js";
import { createInstances, createParts, createProcess, createWatches } from "./tables.js";

/**
 * @typedef {import("../client/client.js").Schemas} Schemas
 * @typedef {Schemas["PartReply"]} Part
 * @typedef {Schemas["HealthReply"]} Ready
 * @typedef {Schemas["MinuteReply"]} Minute
 * @typedef {Schemas["InstanceReply"]} Instance
 * @typedef {Schemas["HistoryReply"]} History
 */

const ReadySeconds = 5;
const HistorySeconds = 30;
const EndedSeconds = 180;

export const prepare = () => Promise.all([loadStyle("styles/health.css"), loadStyle("vendor/uPlot.min.css"), loadUPlot()]);

export function create() {
  void prepare().catch(() => {});
  const state = h("h1", { class: "health-state" }, "Asking the service…");
  const detail = h("p", { class: "hint" });
  const hours = h(
    "select",
    { id: "hours", onchange: () => void readHistory() },
    [1, 3, 12, 24].map((value) => h("option", { value, selected: value === 3 }, `${plural(value, "hour")}`)),
  );
  const figures = h("dl", { class: "figures" });
  const parts = createParts();
  const instances = createInstances();
  const charts = createCharts();
  const watches = createWatches();
  const thisProcess = createProcess();

  /** Seconds; null if it isn't known. @type {number | null} */
  let oldest = null;
  const note = h("p", { class: "hint" });
  const keyReason = h("span");
  const keyNote = h(
    "p",
    { class: "health-note", hidden: true },
    keyReason,
    h("button", { type: "button", class: "link", onclick: () => askForKeys() }, "Enter it"),
  );
  const details = h(
    "div",
    { class: "health-details", hidden: true },
    figures,
    h("div", { class: "health-row" }, h("h2", {}, "Last hours"), h("div", { class: "field" }, h("label", { for: "hours", class: "hidden-text" }, "Period"), hours)),
    note,
    charts.element,
    h("div", { class: "health-tables" }, parts.element, instances.element),
    watches.element,
    thisProcess.element,
  );
  const element = h("div", { class: "health" }, h("header", { class: "health-head" }, state, detail), keyNote, details);
  let timers = /** @type {number[]} */ ([]);

  async function readReady() {
    try {
      showReady(await operator.json("GET", "health/ready"));
    } catch (error) {
      if (error instanceof ImageResizeError && error.status === 503) {
        showReady(/** @type {Ready} */ (/** @type {unknown} */ (error.problem)));
      } else {
        showState("away", "The service doesn't answer", "The page tries again every few seconds.");
      }
    }
  }

  /** @param {Ready} ready */
  function showReady(ready) {
    const failing = Object.entries(ready.parts ?? {}).filter(([, part]) => part.state !== "works");
    const reasons = failing.map(([name, part]) => `${name} ${part.reason ?? part.state}`).join(", ");
    if (ready.status !== "ready") {
      showState("failed", "Not ready", reasons || "The storage or the images folder doesn't work. Work that was accepted is not lost.");
    } else if (failing.length > 0) {
      showState("degraded", "Ready, but some jobs will fail", reasons);
    } else {
      showState("works", "Ready", "Images are being accepted and processed.");
    }
    parts.show(ready.parts ?? {}, ready.engine ?? {});
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {string} text
   */
  function showState(name, title, text) {
    state.dataset.state = name;
    setText(state, title);
    setText(detail, text);
  }

  async function readHistory() {
    try {
      await readMetrics();

      const history = await operator.json("GET", `v1/health/history?hours=${hours.value}`);
      keyNote.hidden = true;
      details.hidden = false;
      await showHistory(history);
      await readWatches();
    } catch (error) {
      const needsKey = error instanceof ImageResizeError && error.status === 401;
      keyNote.hidden = !needsKey;
      details.hidden = needsKey;
      setText(keyReason, adminKey() ? "The service doesn't accept this admin key. " : "The details and the last hours need the admin key. ");
      setText(note, `The last hours can't be read: ${error instanceof Error ? error.message : error}`);
      note.hidden = false;
    }
  }

  /** Callers read them, so the admin key doesn't. */
  async function readWatches() {
    try {
      watches.show((await client.listWatches()).watches);
    } catch (error) {
      if (!(error instanceof ImageResizeError)) {
        throw error;
      }
      watches.show([]);
    }
  }

  /** Under the Functions host, metrics are exported instead, and there are none. */
  async function readMetrics() {
    try {
      const samples = parseMetrics(await (await operator.send("GET", "metrics")).text());
      oldest = oldestMessage(samples);
      thisProcess.show(times(samples), failures(samples));
    } catch (error) {
      if (!(error instanceof ImageResizeError)) {
        throw error;
      }
      oldest = null;
    }
  }

  /** @param {History} history */
  async function showHistory(history) {
    note.hidden = history.minutes.length > 0;
    setText(note, "Each instance adds a point a minute. The first appears within two minutes after the start.");
    const running = history.instances.filter((each) => Date.parse(history.to) - Date.parse(each.lastSeenAt) < EndedSeconds * 1000);
    const last = history.minutes.at(-1);
    const sum = (/** @type {"succeeded" | "failed" | "storageFaults"} */ name) => history.minutes.reduce((total, minute) => total + minute[name], 0);
    const failed = sum("failed");
    const ended = sum("succeeded") + failed;
    /** @type {[string, string, string, boolean?][]} */
    const values = [
      ["Backlog", last?.queued === undefined ? "–" : count(last.queued), oldest ? `messages, the oldest waits ${duration(oldest)}` : "messages in the queues"],
      ["Images a second", last ? rate((last.succeeded + last.failed) / 60) : "–", "in the last minute"],
      ["Failed", count(failed), ended > 0 ? `${((100 * failed) / ended).toFixed(1)} % of ${count(ended)}` : "of no images"],
      ["Storage faults", count(sum("storageFaults")), "answered with 503 or repeated", sum("storageFaults") > 0],
      ["Given up", last?.poisoned === undefined ? "–" : count(last.poisoned), "messages in poison queues", (last?.poisoned ?? 0) > 0],
      ["Instances", count(running.length), running.length > 0 ? `${bytes(running.reduce((total, each) => total + each.memoryBytes, 0))} of memory` : "none seen"],
    ];
    fill(figures, values.map(([name, value, text, isBad]) =>
      h("div", { "data-bad": Boolean(isBad) }, h("dt", {}, name), h("dd", {}, value), h("dd", { class: "hint" }, text))));
    instances.show(running, history.instances.length - running.length, duration);
    await prepare();
    await charts.show(history.minutes);
  }

  function show() {
    hide();
    timers = [setInterval(readReady, ReadySeconds * 1000), setInterval(readHistory, HistorySeconds * 1000)];
    void readReady();
    void readHistory();
  }

  function hide() {
    timers.forEach((timer) => clearInterval(timer));
  }

  document.addEventListener("keys-changed", () => element.isConnected && show());

  return { element, show, hide };
}
