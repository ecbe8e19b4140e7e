// The batches of this browser, and a field to open any batch by its id.

import { fill, h, oncePerFrame, setText } from "../shared/dom.js";
import { count, plural, when } from "../shared/format.js";
import { endedOf } from "./counts.js";
import { forget } from "./store.js";

/**
 * @typedef {import("./store.js").StoredRun} StoredRun
 * @typedef {import("./summary.js").Run} Run
 */

const MaxShown = 50;

/** @param {(id: string) => void} forgotten */
export function createHistory(forgotten) {
  /** @type {Map<string, { element: HTMLElement, show: (record: StoredRun, run?: Run) => void, record: StoredRun, run?: Run }>} */
  const entries = new Map();
  const list = h("ol", { class: "history-list" });
  const id = h("input", { id: "batch-id", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "01a2…" });
  const form = h(
    "form",
    { class: "open-batch", onsubmit: openById },
    h("label", { for: "batch-id" }, "Open a batch by its id"),
    h("div", { class: "pair" }, id, h("button", { type: "submit", class: "quiet" }, "Open")),
  );
  const nothing = h("p", { class: "hint" }, "Batches of this browser are listed here.");
  const element = h("section", { class: "history", "aria-labelledby": "history-title" }, h("h2", { id: "history-title" }, "History"), nothing, list, form);

  /** @param {SubmitEvent} event */
  function openById(event) {
    event.preventDefault();
    const wanted = id.value.trim().replace(/^.*\/batches\//, "").replace(/[/?#].*$/, "");
    if (wanted) {
      location.hash = `#/images/batches/${encodeURIComponent(wanted)}`;
      id.value = "";
    }
  }

  /**
   * @param {StoredRun} record
   * @param {Run} [run]
   */
  function add(record, run) {
    const known = entries.get(record.id);
    if (known) {
      known.show(record, run);
      return;
    }
    const entry = createEntry(record, () => {
      entry.run?.dispose();
      entries.delete(record.id);
      entry.element.remove();
      nothing.hidden = entries.size > 0;
      void forget(record.id);
      forgotten(record.id);
    });
    entry.show(record, run);
    entries.set(record.id, entry);
    const newest = [...entries.values()].sort((a, b) => b.record.created - a.record.created).slice(0, MaxShown);
    fill(list, newest.map((each) => each.element));
    nothing.hidden = true;
  }

  /** @type {Set<Run>} */
  const changed = new Set();
  const showChanged = oncePerFrame(() => {
    const shown = [...changed].filter((run) => !("problem" in run && run.problem));
    changed.clear();
    shown.forEach((run) => add(run.record, run));
  });

  return {
    element,
    add,
    update: (/** @type {Run} */ run) => {
      changed.add(run);
      showChanged();
    },
    select: (/** @type {string} */ selected) => {
      for (const [each, entry] of entries) {
        entry.element.toggleAttribute("data-selected", each === selected);
      }
    },
  };
}

/**
 * @param {StoredRun} record
 * @param {() => void} remove
 */
function createEntry(record, remove) {
  const kind = record.kind === "files" ? "runs" : "batches";
  const name = h("a", { href: `#/images/${kind}/${record.id}` });
  const detail = h("span", { class: "hint" });
  const button = h("button", { type: "button", class: "quiet small", onclick: remove, title: "Forget" }, "✕");
  const element = h("li", {}, name, detail, button);

  /** @param {StoredRun} now @param {Run} [run] */
  function show(now, run) {
    entry.record = now;
    entry.run = run ?? entry.run;
    const title = now.name || `Batch ${now.id.slice(0, 8)}`;
    setText(name, title);
    button.setAttribute("aria-label", `Forget ${title}`);
    const active = entry.run && !entry.run.isOver;
    const failed = entry.run?.counts.failed ?? now.failed;
    const state = active && entry.run ? `${count(endedOf(entry.run.counts))} of ${count(entry.run.total)}` : plural(now.total ?? 0, "image");
    setText(detail, `${when(now.created)} · ${state}${failed > 0 ? ` · ${count(failed)} failed` : ""}`);
    element.dataset.state = failed > 0 ? "failed" : active ? "running" : "over";
  }

  const entry = { element, show, record, run: /** @type {Run | undefined} */ (undefined) };
  return entry;
}
