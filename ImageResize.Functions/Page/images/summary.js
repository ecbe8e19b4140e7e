// The summary of a run: a bar, counts, rate, time left, and buttons.

import { announce, fill, h, setText } from "../shared/dom.js";
import { count, duration, plural, rate } from "../shared/format.js";
import { endedOf, sentOf } from "./counts.js";

/**
 * @typedef {import("./files-run.js").FilesRun | import("./batch-run.js").BatchRun} Run
 *
 * @typedef {object} Actions
 * @property {() => void} pause
 * @property {() => void} cancel
 * @property {() => void} retry
 * @property {() => void} download
 */

const MaxReasons = 3;

/** Fewer failures can be seen in the list itself. */
const MinForReasons = 4;

/** @param {Actions} actions */
export function createSummary(actions) {
  const title = h("h1", { class: "run-title" });
  const percent = h("span", { class: "percent" });
  const sent = h("div", { class: "bar-sent" });
  const done = h("div", { class: "bar-done" });
  const failedPart = h("div", { class: "bar-failed" });
  const bar = h("div", { class: "progress", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": "Thumbnails" }, sent, done, failedPart);
  const counts = h("ul", { class: "counts" });
  const time = h("p", { class: "time" });
  const reasons = h("ul", { class: "reasons", "aria-label": "Why images failed" });
  const note = h("p", { class: "run-note", hidden: true });
  const pause = h("button", { type: "button", class: "quiet", onclick: actions.pause });
  const cancel = h("button", { type: "button", class: "quiet", onclick: actions.cancel }, "Cancel");
  const retry = h("button", { type: "button", class: "quiet", onclick: actions.retry }, "Retry all failed");
  const download = h("button", { type: "button", class: "quiet", onclick: actions.download }, "Download zip");
  const element = h(
    "header",
    { class: "summary" },
    h("div", { class: "run-head" }, title, percent),
    bar,
    h("div", { class: "run-facts" }, h("div", { class: "run-numbers" }, counts, time), h("div", { class: "buttons" }, pause, cancel, retry, download)),
    reasons,
    note,
  );
  let last = "";

  /** The result of the last action of the user. */
  let said = "";

  /** @param {Run} run */
  function show(run) {
    const { counts: now, total } = run;
    const ended = endedOf(now);
    const share = (/** @type {number} */ part) => (total > 0 ? (100 * part) / total : 0);
    const full = run.isOver ? 100 : Math.floor(share(ended));
    setText(title, run.record.name || `Batch ${run.id.slice(0, 8)}`);
    setText(percent, total > 0 || run.isOver ? `${full} %` : "");
    bar.setAttribute("aria-valuenow", String(full));
    sent.style.width = `${share(sentOf(now))}%`;
    done.style.width = `${share(ended)}%`;
    failedPart.style.width = `${share(now.failed)}%`;
    showCounts(now, total);
    setText(time, timeOf(run, ended));
    showNote(run);
    pause.hidden = run.isOver || run.record.kind === "batch" || now.waiting + now.uploading + now.uploaded === 0;
    setText(pause, run.isPaused ? "Continue" : "Pause");
    cancel.hidden = run.isOver || ("problem" in run && run.problem !== "");
    retry.hidden = now.failed === 0 || (run.record.kind === "batch" && !run.isOver);
    download.hidden = now.succeeded === 0;
    const state = run.isOver ? `${plural(now.succeeded, "thumbnail")} done, ${count(now.failed)} failed.` : "";
    if (state && state !== last) {
      announce(state);
    }
    last = state;
  }

  /**
   * @param {import("./counts.js").Counts} now
   * @param {number} total
   */
  function showCounts(now, total) {
    /** @type {[string, number, string][]} */
    const parts = [
      ["failed", now.failed, "failed"],
      ["succeeded", now.succeeded, "done"],
      ["queued", now.queued, "queued"],
      ["uploading", now.waiting + now.uploading + now.uploaded, "to send"],
      ["canceled", now.canceled, "canceled"],
      ["duplicate", now.duplicate, "duplicates"],
    ];
    fill(
      counts,
      parts.filter(([, number]) => number > 0).map(([state, number, text]) => h("li", { "data-state": state }, h("b", {}, count(number)), ` ${text}`)),
      h("li", {}, `of ${total > 0 ? count(total) : "…"}`),
    );
  }

  /** @param {Run} run */
  function showNote(run) {
    const skipped = run.skipped.reduce((sum, each) => sum + each.count, 0);
    const reasons = run.skipped.map((each) => `${count(each.count)} ${each.reason.replaceAll("_", " ")}`).join(", ");
    const text = said ? said : "isElsewhere" in run && run.isElsewhere ? "Another tab of this browser works on this." : run.lost > 0
      ? `${plural(run.lost, "file")} had not been sent when the page was closed. Choose or drop the same files again to continue.`
      : "problem" in run && run.problem ? run.problem
      : skipped > 0 ? `Left out: ${reasons}.` : "";
    note.hidden = text === "";
    setText(note, text);
  }

  /** Shows the most frequent reasons. @param {string[]} messages of the failed images that are known */
  function showReasons(messages) {
    /** @type {Map<string, number>} */
    const numbers = new Map();
    messages.forEach((message) => numbers.set(message, (numbers.get(message) ?? 0) + 1));
    const frequent = [...numbers].sort((a, b) => b[1] - a[1]).slice(0, MaxReasons);
    fill(reasons, messages.length < MinForReasons ? null : frequent.map(([message, number]) => h("li", {}, h("b", {}, count(number)), ` ${message}`)));
  }

  return { element, show, showReasons, say: (/** @type {string} */ text) => (said = text) };
}

/**
 * @param {Run} run
 * @param {number} ended
 */
function timeOf(run, ended) {
  const speed = run.rate.value;
  if (run.isOver) {
    return "";
  }
  if (run.isPaused) {
    return "Paused. Nothing more is sent.";
  }
  return speed > 0 ? `${rate(speed)} images/s · ${duration((run.total - ended) / speed)} left` : "";
}
