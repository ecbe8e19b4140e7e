// A dialog that shows one image before and after.

import { client } from "../shared/api.js";
import { createCompare } from "../shared/compare.js";
import { fill, h } from "../shared/dom.js";
import { bytes } from "../shared/format.js";
import { downloadOne } from "./download.js";

/**
 * @param {(index: number) => import("./store.js").Item | undefined} itemAt
 * @param {() => number} total
 */
export function createDetail(itemAt, total) {
  let index = 0;
  let number = 0;
  const compare = createCompare();
  const title = h("h2", { id: "detail-title" });
  const facts = h("dl", { class: "facts" });
  const choices = h("div", { class: "choices" });
  const previous = h("button", { type: "button", class: "quiet", onclick: () => move(-1), "aria-label": "Previous image" }, "←");
  const next = h("button", { type: "button", class: "quiet", onclick: () => move(1), "aria-label": "Next image" }, "→");
  const download = h("button", { type: "button", class: "primary", onclick: () => save() }, "Download");
  const element = h(
    "dialog",
    { class: "detail", "aria-labelledby": "detail-title" },
    h("header", {}, title, h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => element.close() }, "✕")),
    compare.element,
    choices,
    facts,
    h("footer", {}, previous, next, download),
  );
  element.addEventListener("keydown", (event) => {
    if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !(event.target instanceof HTMLInputElement)) {
      move(event.key === "ArrowLeft" ? -1 : 1);
    }
  });
  element.addEventListener("click", (event) => event.target === element && element.close());

  /** The addresses of the images that are shown. @type {string[]} */
  let addresses = [];
  const release = () => addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
  element.addEventListener("close", release);

  /** @param {number} step */
  function move(step) {
    const to = index + step;
    if (to >= 0 && to < total()) {
      open(to);
    }
  }

  async function save() {
    const item = itemAt(index);
    if (item) {
      await downloadOne(item, number);
    }
  }

  /** @param {number} at */
  function open(at) {
    index = at;
    number = 0;
    if (!element.open) {
      element.showModal();
    }
    void show();
  }

  async function show() {
    const item = itemAt(index);
    release();
    previous.disabled = index === 0;
    next.disabled = index >= total() - 1;
    fill(title, item?.name ?? "");
    const thumbnails = item?.job?.thumbnails ?? [];
    const thumbnail = thumbnails[number];
    download.hidden = !thumbnail;
    fill(choices, thumbnails.length < 2 ? null : thumbnails.map((each, n) => h(
      "button",
      { type: "button", class: "quiet", "aria-pressed": String(n === number), onclick: () => ((number = n), void show()) },
      `${each.width} × ${each.height} ${each.format}`,
    )));
    fill(facts, factsOf(item, thumbnail).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    if (!item || !thumbnail) {
      compare.showText(item?.error ?? (item?.state === "succeeded" ? "Measured." : "There is no thumbnail yet."));
      return;
    }
    try {
      const made = URL.createObjectURL(await client.download(thumbnail.href));
      const original = item.before ? URL.createObjectURL(item.before) : null;
      addresses.push(made, ...(original ? [original] : []));
      await compare.show(original, made, item.name);
    } catch (error) {
      compare.showText(error instanceof Error ? error.message : "The thumbnail can't be read.");
    }
  }

  return { element, open };
}

/**
 * @param {import("./store.js").Item | undefined} item
 * @param {NonNullable<import("./store.js").Job["thumbnails"]>[number] | undefined} thumbnail
 * @returns {[string, string][]}
 */
function factsOf(item, thumbnail) {
  const size = item?.job?.size;
  const before = [size && `${size.width} × ${size.height}`, size?.format, item?.size && bytes(item.size)].filter(Boolean).join(", ");
  const saved = item?.size && thumbnail ? `, ${Math.round(100 - (100 * thumbnail.bytes) / item.size)} % smaller` : "";
  /** @type {[string, string | undefined][]} */
  const facts = [
    ["Original", before],
    ["Thumbnail", thumbnail && `${thumbnail.width} × ${thumbnail.height}, ${thumbnail.format}, ${bytes(thumbnail.bytes)}${saved}`],
    ["Note", thumbnail?.note],
    ["Job", item?.job?.id],
  ];
  return /** @type {[string, string][]} */ (facts.filter(([, value]) => value));
}
