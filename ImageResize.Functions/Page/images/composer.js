// The form for new work: a drop area for files, fields for addresses, and the options.

import { ImageResizeError } from "../client/http.js";
import { announce, fill, h } from "../shared/dom.js";
import { plural } from "../shared/format.js";
import { BatchRun } from "./batch-run.js";
import { FilesRun } from "./files-run.js";
import { describe, filesOfDrop, filesOfInput, separate } from "./intake.js";
import { createOptions } from "./options.js";

/** The service's limit for one request of JSON. */
const MaxSources = 10_000;

/**
 * @param {(run: FilesRun | BatchRun) => void} started
 * @param {() => FilesRun | null} current the run that files which were chosen again belong to
 */
export function createComposer(started, current) {
  const options = createOptions();
  const message = h("p", { class: "hint", role: "status" });
  const files = h("input", { type: "file", multiple: true, accept: "image/*,.tga,.pnm,.pbm,.pgm,.ppm,.bmp,.tif,.tiff", hidden: true, onchange: chosen });
  const folder = h("input", { type: "file", webkitdirectory: true, hidden: true, onchange: chosen });
  const zone = h(
    "div",
    { class: "drop" },
    h("p", { class: "drop-title" }, "Drop images or folders"),
    h("p", { class: "hint" }, "or paste them here"),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "primary", onclick: () => files.click() }, "Choose files"),
      h("button", { type: "button", class: "quiet", onclick: () => folder.click() }, "Folder"),
    ),
    files,
    folder,
  );
  const name = h("input", { id: "batch-name", type: "text", maxlength: 200, autocomplete: "off", placeholder: "optional" });
  const sources = h("textarea", {
    id: "sources", rows: 4, spellcheck: "false", placeholder: "https://example.com/a.jpg\nJapan/\nblob://photos/2026/**",
  });
  const remote = h(
    "details",
    { class: "remote" },
    h("summary", {}, "Addresses, folders and containers"),
    h("label", { for: "sources" }, "One per line"),
    sources,
    h("label", { for: "batch-name" }, "Name of the batch"),
    name,
    h("button", { type: "button", class: "primary", onclick: submit }, "Make thumbnails"),
  );
  const element = h("section", { class: "composer", "aria-label": "New work" }, zone, message, options.element, remote);

  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    zone.classList.add("is-over");
  }

  /** @param {DragEvent} event */
  function leave(event) {
    if (event.relatedTarget === null) {
      zone.classList.remove("is-over");
    }
  }

  /** @param {DragEvent} event */
  async function dropped(event) {
    event.preventDefault();
    event.stopPropagation();
    zone.classList.remove("is-over");
    const text = event.dataTransfer?.getData("text/uri-list") || event.dataTransfer?.getData("text/plain") || "";
    if (event.dataTransfer && event.dataTransfer.files.length > 0) {
      say("Looking for images…");
      await take(await filesOfDrop(event.dataTransfer));
    } else if (text) {
      takeText(text);
    }
  }

  /** @param {Event} event */
  async function chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const found = filesOfInput(input.files ?? []);
    input.value = "";
    await take(found);
  }

  /** @param {ClipboardEvent} event */
  function pasted(event) {
    const isInField = event.target instanceof HTMLElement && event.target.matches("input, textarea");
    const data = event.clipboardData;
    if (data && data.files.length > 0) {
      event.preventDefault();
      void take(filesOfInput(data.files));
    } else if (data && !isInField && data.getData("text/plain").trim()) {
      event.preventDefault();
      takeText(data.getData("text/plain"));
    }
  }

  /** @param {import("./intake.js").NamedFile[]} found */
  async function take(found) {
    const { images: wanted, others } = separate(found);
    const images = await describe(wanted);
    const ignored = others > 0 ? ` ${plural(others, "other file was", "other files were")} left out.` : "";
    const run = current();
    const returned = run && run.lost > 0 ? run.attachFiles(images) : 0;
    if (returned > 0) {
      say(`Continuing with ${plural(returned, "file")}.`);
    } else if (options.problem()) {
      say(options.problem(), true);
    } else if (images.length === 0) {
      say(`There are no images.${ignored}`, true);
    } else {
      say(`${plural(images.length, "image")}.${ignored}`);
      const [top] = images[0].name.split("/");
      const isFolder = images[0].name.includes("/") && images.every((image) => image.name.startsWith(`${top}/`));
      started(FilesRun.create(isFolder ? top : images.length === 1 ? images[0].name : plural(images.length, "image"), images, options.actions()));
    }
  }

  /** @param {string} text */
  function takeText(text) {
    remote.open = true;
    sources.value = [sources.value.trim(), text.trim()].filter(Boolean).join("\n");
    sources.focus();
  }

  async function submit() {
    const lines = sources.value.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
    const problem = options.problem()
      || (lines.length === 0 ? "Give at least one address, path or folder." : lines.length > MaxSources ? `At most ${MaxSources} lines.` : "");
    if (problem) {
      say(problem, true);
      return;
    }
    try {
      const run = await BatchRun.submit(name.value.trim(), lines, options.actions());
      sources.value = "";
      name.value = "";
      say("");
      started(run);
    } catch (error) {
      say(error instanceof ImageResizeError ? error.message : String(error), true);
    }
  }

  /**
   * @param {string} text
   * @param {boolean} [isProblem]
   */
  function say(text, isProblem = false) {
    message.className = isProblem ? "hint bad" : "hint";
    fill(message, text);
    announce(text);
  }

  /** Files may be dropped anywhere in an element. @param {HTMLElement} area */
  function acceptDrops(area) {
    area.addEventListener("dragover", over);
    area.addEventListener("dragleave", leave);
    area.addEventListener("drop", dropped);
  }

  return { element, pasted, acceptDrops };
}
