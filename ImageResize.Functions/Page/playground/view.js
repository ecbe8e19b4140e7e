// The view Playground: one image, every option, and at once the thumbnail, its cost, and the request to copy.

import { ImageResizeError } from "../client/http.js";
import { addressOf, client } from "../shared/api.js";
import { createCompare } from "../shared/compare.js";
import { announce, fill, h, save } from "../shared/dom.js";
import { bytes } from "../shared/format.js";
import { askForKeys, callerKey } from "../shared/keys.js";
import { loadStyle } from "../shared/style.js";
import { createOptions } from "./options.js";
import { drawSample } from "./sample.js";
import { createSnippets } from "./tabs.js";

const DelayMs = 120;

export const prepare = () => loadStyle("styles/playground.css");

export function create() {
  void prepare();
  /** @type {File | null} */
  let file = null;

  /** @type {string | null} */
  let original = null;
  let thumbnail = "";
  let saved = /** @type {{ blob: Blob, name: string } | null} */ (null);
  let running = new AbortController();
  let timer = 0;
  let isStarted = false;

  const options = createOptions(changed);
  const input = h("input", { type: "file", accept: "image/*", hidden: true, onchange: () => input.files?.[0] && use(input.files[0]) });
  const source = h("input", { id: "source", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "a path, address, blob:// or upload://", oninput: changed });
  const name = h("p", { class: "hint" });
  const zone = h(
    "div",
    { class: "drop", ondragover: over, ondragleave: () => zone.classList.remove("is-over"), ondrop: dropped },
    h("p", { class: "drop-title" }, "Drop an image"),
    name,
    h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", onclick: () => input.click() }, "Choose an image")),
    input,
  );
  const compare = createCompare();
  const results = h("dl", { class: "results", "aria-live": "polite" });
  const problem = h("p", { class: "bad", role: "alert", hidden: true });
  const download = h("button", { type: "button", class: "quiet", disabled: true, onclick: () => saved && save(saved.blob, saved.name) }, "Download");
  const snippets = createSnippets();
  const bench = h("section", { class: "bench", "aria-label": "Thumbnail" }, compare.element, problem, h("div", { class: "outcome" }, results, download), snippets.element);
  const side = h(
    "section",
    { class: "side", "aria-label": "Image and options" },
    h("h1", { class: "hidden-text" }, "Playground"),
    zone,
    h("div", { class: "field" }, h("label", { for: "source" }, "Or an image of the service"), source),
    options.element,
  );
  const element = h("div", { class: "playground" }, side, bench);
  document.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain").trim();
    const isInField = event.target instanceof HTMLElement && event.target.matches("input, textarea");
    if (!element.isConnected || (!pasted && (isInField || !text))) {
      return;
    }
    event.preventDefault();
    if (pasted) {
      use(pasted);
    } else {
      source.value = `${text}`.split(/[\r\n]/)[0];
      changed();
    }
  });

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    zone.classList.add("is-over");
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (event.dataTransfer?.files[0]) {
      use(event.dataTransfer.files[0]);
    }
  }

  /** @param {File} chosen */
  function use(chosen) {
    file = chosen;
    source.value = "";
    if (original) {
      URL.revokeObjectURL(original);
    }
    original = URL.createObjectURL(chosen);
    fill(name, `${chosen.name}, ${bytes(chosen.size)}`);
    changed();
  }

  function changed() {
    clearTimeout(timer);
    showSnippets("");
    timer = setTimeout(() => void make(), DelayMs);
  }

  async function make() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const path = source.value.trim();
    if (!path && !file) {
      return;
    }
    const asked = options.read();
    bench.setAttribute("aria-busy", "true");
    const started = performance.now();
    try {
      const image = path || /** @type {File} */ (file);
      const response = await client.makeThumbnail(image, asked, { headers: accepted(asked.format), signal });
      const blob = await response.blob();
      await show(response, blob, performance.now() - started, path);
    } catch (error) {
      if (!signal.aborted) {
        showProblem(error);
      }
    } finally {
      if (!signal.aborted) {
        bench.setAttribute("aria-busy", "false");
      }
    }
  }

  /**
   * @param {Response} response
   * @param {Blob} blob
   * @param {number} elapsed
   * @param {string} path
   */
  async function show(response, blob, elapsed, path) {
    const header = (/** @type {string} */ key) => response.headers.get(key) ?? "";
    const before = thumbnail;
    thumbnail = URL.createObjectURL(blob);
    const format = blob.type.replace("image/", "");
    saved = { blob, name: outputOf(format) };
    problem.hidden = true;
    download.disabled = false;
    const timing = Object.fromEntries([...header("Server-Timing").matchAll(/(\w+);dur=([\d.]+)/g)].map(([, key, value]) => [key, value]));
    const smaller = !path && file ? `, ${Math.round(100 - (100 * blob.size) / file.size)} % smaller` : "";
    /** @type {[string, string][]} */
    const facts = [
      ["Size", `${header("Image-Width")} × ${header("Image-Height")} ${format.toUpperCase()}`],
      ["Bytes", `${bytes(blob.size)}${smaller}`],
      ["Time", `${Math.round(elapsed)} ms`],
      ["Of it, the image", timing.make ? `${timing.make} ms` : "–"],
      ["From", `${header("Source-Width")} × ${header("Source-Height")}`],
      ["Note", header("Image-Note")],
    ];
    fill(results, facts.filter(([, value]) => value).map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value))));
    showSnippets(format);
    await compare.show(path ? null : original, thumbnail, path || file?.name || "image");
    URL.revokeObjectURL(before);
  }

  /** @param {unknown} error */
  function showProblem(error) {
    const message = error instanceof Error ? error.message : String(error);
    fill(problem, message, " ", error instanceof ImageResizeError && error.status === 401 ? h("button", { type: "button", class: "link", onclick: () => askForKeys() }, "Enter a key") : null);
    problem.hidden = false;
    announce(message);
  }

  /** @param {string} format of the thumbnail, if it is known */
  function showSnippets(format) {
    const path = source.value.trim();
    snippets.show({
      base: addressOf("").href.replace(/\/$/, ""),
      file: path ? null : (file?.name ?? "photo.jpg"),
      source: path || null,
      options: options.read(),
      output: outputOf(format || String(options.read().format ?? "jpeg")),
      hasKey: callerKey() !== "",
    });
  }

  /** @param {string} format */
  const outputOf = (format) => `thumbnail.${{ jpeg: "jpg", auto: "webp" }[format] ?? format}`;

  document.addEventListener("keys-changed", () => element.isConnected && changed());

  return {
    element,
    show: () => {
      if (!isStarted) {
        isStarted = true;
        void drawSample().then((sample) => file === null && source.value === "" && use(sample));
        showSnippets("");
      }
    },
  };
}

/** @param {unknown} format */
const accepted = (format) => (format === "auto" ? { Accept: "image/avif,image/webp,*/*" } : /** @type {Record<string, string>} */ ({}));
