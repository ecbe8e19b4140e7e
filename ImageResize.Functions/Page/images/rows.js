// A row of the list: thumbnail, name, sizes and state of one image.

import { h, setText } from "../shared/dom.js";
import { bytes, splitPath } from "../shared/format.js";
import { findThumbnail, readThumbnail } from "./thumbs.js";

export const RowHeight = 60;

/** @type {Record<import("./store.js").ItemState, string>} */
const states = {
  waiting: "Waiting",
  uploading: "Uploading",
  uploaded: "Sent",
  queued: "Queued",
  succeeded: "Done",
  failed: "Failed",
  canceled: "Canceled",
  duplicate: "Duplicate",
};

/**
 * @param {(index: number) => import("./store.js").Item | undefined} itemAt
 * @param {(index: number) => void} open
 * @returns {import("./list.js").Row}
 */
export function createRow(itemAt, open) {
  let shown = -1;
  const image = h("img", { alt: "", width: 44, height: 44, draggable: "false", hidden: true });
  const name = h("button", { type: "button", class: "row-name", onclick: () => open(shown) });
  const detail = h("span", { class: "row-detail" });
  const sizes = h("span", { class: "row-sizes" });
  const state = h("span", { class: "state" });
  const element = h(
    "div",
    { class: "row" },
    h("div", { class: "row-thumb" }, image),
    h("div", { class: "row-text" }, name, detail),
    sizes,
    state,
  );

  /** @param {number} index */
  function show(index) {
    shown = index;
    const item = itemAt(index);
    const [folder, last] = splitPath(item?.name ?? "");
    setText(name, item?.error ? item.name : last || item?.name || "…");
    setText(detail, item?.error ?? (item?.state === "duplicate" ? `${folder} Same content as another file. Not sent.` : folder));
    setText(sizes, item ? sizesOf(item) : "");
    const current = item?.state ?? "queued";
    setText(state, states[current]);
    state.dataset.state = current;
    element.dataset.state = current;
    showThumbnail(item?.job?.thumbnails?.[0]?.href);
  }

  /** @param {string | undefined} href */
  function showThumbnail(href) {
    const address = href && findThumbnail(href);
    if (!address) {
      image.hidden = true;
      if (href) {
        readThumbnail(href, () => element.isConnected && !element.hidden && itemAt(shown)?.job?.thumbnails?.[0]?.href === href, () => show(shown));
      }
    } else if (image.getAttribute("src") !== address || image.hidden) {
      image.src = address;
      image.hidden = false;
    }
  }

  return { element, show };
}

/** @param {import("./store.js").Item} item */
function sizesOf(item) {
  const thumbnails = item.job?.thumbnails ?? [];
  const size = item.job?.size;
  const before = [size ? `${size.width} × ${size.height}` : "", item.size ? bytes(item.size) : ""].filter(Boolean).join(", ");
  if (thumbnails.length === 0) {
    return before;
  }
  const [first] = thumbnails;
  const after = thumbnails.length === 1 ? `${first.width} × ${first.height}, ${bytes(first.bytes)}` : `${thumbnails.length} thumbnails`;
  return before ? `${before} → ${after}` : after;
}
