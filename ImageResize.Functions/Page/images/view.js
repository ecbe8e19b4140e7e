// The view Work: new work on the left, one run of it on the right.

import { h, oncePerFrame } from "../shared/dom.js";
import { count, plural } from "../shared/format.js";
import { BatchRun } from "./batch-run.js";
import { createComposer } from "./composer.js";
import { createDetail } from "./detail.js";
import { downloadBatch, downloadFiles } from "./download.js";
import { FilesRun } from "./files-run.js";
import { startWorker } from "./intake.js";
import { createHistory } from "./history.js";
import { VirtualList } from "./list.js";
import { createRow, RowHeight } from "./rows.js";
import { loadItems, loadRuns } from "./store.js";
import { createSummary } from "./summary.js";

/** @typedef {FilesRun | BatchRun} Run */

const OrderSeconds = 0.5;

export const prepare = startWorker;

export function create() {
  /** Runs that were opened in this tab. @type {Map<string, Run>} */
  const runs = new Map();

  /** @type {Map<string, Promise<FilesRun>>} */
  const opening = new Map();

  /** @type {Run | null} */
  let current = null;

  /** Failed items first, then the others in their order; null while none has failed. @type {number[] | null} */
  let order = null;
  let orderedFor = -1;
  let orderedAt = 0;

  const itemAt = (/** @type {number} */ index) => current?.items[order?.[index] ?? index];
  const detail = createDetail(itemAt, () => current?.total ?? 0);
  const list = new VirtualList({
    rowHeight: RowHeight,
    label: "Images",
    create: () => createRow(itemAt, detail.open),
    seen: (first, last) => current?.need(order?.[first] ?? first, order?.[last] ?? last),
  });
  const summary = createSummary({
    pause: () => current instanceof FilesRun && (current.isPaused ? current.resume() : current.pause()),
    cancel: () => void attempt(() => current?.cancel()),
    retry: () => void attempt(retry),
    download: () => void attempt(download),
  });
  const work = h("section", { class: "run", "aria-label": "Images and their thumbnails", hidden: true }, summary.element, list.element);
  const unknown = h(
    "p", { class: "bad", role: "alert", hidden: true }, "This browser doesn't know the work of this address. If it has just begun, drop its files again.");
  const empty = h(
    "section",
    { class: "empty" },
    unknown,
    h("h1", {}, "Thumbnails of any number of images"),
    h("p", {}, "Drop images or folders anywhere on this page, or paste them. They are sent at once, and each thumbnail appears here when it's made."),
    h("p", { class: "hint" }, "If this page is closed, the work continues when it's opened again."),
  );
  const history = createHistory((id) => id === current?.id && leave());
  const composer = createComposer(begin, () => (current instanceof FilesRun ? current : null));
  const element = h("div", { class: "work" }, h("div", { class: "side" }, composer.element, history.element), work, empty, detail.element);
  const showSoon = oncePerFrame(show);
  composer.acceptDrops(element);
  document.addEventListener("paste", (event) => element.isConnected && composer.pasted(event));
  void resume();

  function show() {
    element.classList.toggle("has-run", current !== null);
    work.hidden = current === null;
    empty.hidden = current !== null;
    if (current) {
      putInOrder(current);
      summary.show(current);
      list.update(current.total);
    }
  }

  /** @param {Run} run */
  function putInOrder(run) {
    const now = performance.now();
    if (run.knownFailed === orderedFor && (order === null || order.length === run.total)) {
      return;
    }
    if (now - orderedAt < OrderSeconds * 1000) {
      setTimeout(showSoon, OrderSeconds * 1000);
      return;
    }
    [orderedFor, orderedAt] = [run.knownFailed, now];
    /** @type {number[]} */
    const failed = [];
    run.items.forEach((item, n) => item.state === "failed" && failed.push(n));
    const isFailed = new Set(failed);
    summary.showReasons(failed.map((n) => run.items[n].error ?? ""));
    order = failed.length === 0 ? null : failed.concat(Array.from({ length: run.total }, (_, n) => n).filter((n) => !isFailed.has(n)));
  }

  /** @param {Run} run */
  function use(run) {
    if (!runs.has(run.id)) {
      add(run);
    }
    if (current !== run) {
      current = run;
      [order, orderedFor, orderedAt] = [null, -1, 0];
      list.scrollToTop();
      history.select(run.id);
    }
    show();
  }

  /** @param {Run} run */
  function begin(run) {
    use(run);
    history.update(run);
    if (run instanceof FilesRun) {
      void run.prepare();
    } else {
      run.start();
    }
    location.hash = addressOf(run);
  }

  /** Continues work that the last page of this browser has not finished. */
  async function resume() {
    for (const record of await loadRuns()) {
      history.add(record);
      if (!record.isOver && record.kind === "files") {
        await openFiles(record);
      }
    }
  }

  /** Opens a stored run only once, because two of them would send its files twice. @param {import("./store.js").StoredRun} record */
  function openFiles(record) {
    const opened = opening.get(record.id) ?? loadItems(record.id).then((items) => {
      const run = new FilesRun(record, items);
      add(run);
      void (record.isOver ? run.load() : run.start());
      return run;
    });
    opening.set(record.id, opened);
    return opened;
  }

  /** @param {Run} run */
  function add(run) {
    runs.set(run.id, run);
    run.addEventListener("change", () => {
      if (run === current) {
        showSoon();
      }
      history.update(run);
    });
  }

  /** @param {string[]} address */
  async function open([kind, id]) {
    if (kind === "runs") {
      const known = runs.get(id);
      const record = known ? null : (await loadRuns()).find((run) => run.id === id);
      if (known || record) {
        use(known ?? (await openFiles(/** @type {import("./store.js").StoredRun} */ (record))));
      } else {
        leave();
        unknown.hidden = false;
      }
    } else if (kind === "batches" && id) {
      const run = runs.get(id) ?? BatchRun.open(id);
      use(run);
      void run.load();
    } else {
      leave();
    }
  }

  function leave() {
    current = null;
    unknown.hidden = true;
    history.select("");
    show();
  }

  /** Does what a button says, and shows why it failed. @param {() => Promise<void> | undefined} action */
  async function attempt(action) {
    summary.say("");
    try {
      await action();
      summary.say("");
    } catch (error) {
      summary.say(error instanceof Error ? error.message : String(error));
    }
    show();
  }

  async function retry() {
    if (current instanceof FilesRun) {
      current.retryFailed();
    } else if (current) {
      begin(await current.retryFailed());
    }
  }

  async function download() {
    const run = current;
    if (run instanceof FilesRun) {
      await downloadFiles(run, (done, total) => {
        summary.say(`Reading ${count(done)} of ${plural(total, "thumbnail")}…`);
        showSoon();
      });
    } else if (run) {
      await downloadBatch(run.id);
    }
  }

  return { element, show: (/** @type {string[]} */ address) => void open(address) };
}

/** @param {Run} run */
export const addressOf = (run) => (run.record.kind === "files" ? `#/images/runs/${run.id}` : `#/images/batches/${run.id}`);
