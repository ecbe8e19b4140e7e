// Two pictures of the same thing, before and after, with a line between them that can be moved.

import { fill, h } from "./dom.js";

/** Pictures whose sides differ by more than this are shown beside each other instead. */
const MaxDifference = 0.02;

export function createCompare() {
  const before = h("img", { class: "compare-before", alt: "Before" });
  const after = h("img", { class: "compare-after", alt: "After" });
  const slider = h("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": "Part of the picture that shows the original" });
  const line = h("div", { class: "compare-line", "aria-hidden": "true" });
  const box = h("div", { class: "compare-box" }, before, after, line, slider);
  const stage = h("div", { class: "compare-stage" }, box);
  const element = h("figure", { class: "compare" }, stage);
  const split = () => stage.style.setProperty("--split", `${slider.value}%`);
  slider.addEventListener("input", split);
  split();

  /**
   * @param {string | null} original null if it is not known
   * @param {string} thumbnail
   * @param {string} name
   */
  async function show(original, thumbnail, name) {
    before.alt = `Original of ${name}`;
    after.alt = `Thumbnail of ${name}`;
    after.src = thumbnail;
    if (original && before.src !== original) {
      before.src = original;
    }
    await Promise.allSettled([after.decode(), original ? before.decode() : null]);
    const canShow = original !== null && before.naturalWidth > 0;
    const isSame = canShow && Math.abs((before.naturalWidth * after.naturalHeight) / (before.naturalHeight * after.naturalWidth) - 1) < MaxDifference;
    stage.dataset.mode = isSame ? "slider" : canShow ? "beside" : "single";
    stage.style.setProperty("--width", `${after.naturalWidth}px`);
    stage.style.setProperty("--ratio", String(after.naturalWidth / (after.naturalHeight || 1)));
  }

  /** @param {string} text */
  function showText(text) {
    stage.dataset.mode = "none";
    fill(caption, text);
  }

  const caption = h("p", { class: "compare-text" });
  element.append(caption);
  return { element, show: (/** @type {string | null} */ original, /** @type {string} */ thumbnail, /** @type {string} */ name) => (fill(caption), show(original, thumbnail, name)), showText };
}
