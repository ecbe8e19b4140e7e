// The form with the options of thumbnails. They are remembered in this browser.

import { fill, h } from "../shared/dom.js";

/**
 * @typedef {import("../client/client.js").Schemas["ActionRequest"]} Action
 * @typedef {{ sizes: string, fit: string, format: string, quality: string, preset: string }} Options
 */

const Key = "imageresize.options";
const MaxSide = 4096;
const MaxSizes = 16;

/** @type {Options} */
const defaults = { sizes: "300", fit: "inside", format: "same", quality: "", preset: "" };

/** What is stored may be of another version of the page. @returns {Options} */
function readStored() {
  try {
    const stored = Object.entries(JSON.parse(localStorage.getItem(Key) ?? "{}"));
    return { ...defaults, ...Object.fromEntries(stored.filter(([name, value]) => name in defaults && typeof value === "string")) };
  } catch {
    return { ...defaults };
  }
}

/** Creates the form. */
export function createOptions() {
  /** @type {Options} */
  const options = readStored();
  const sizes = h("input", { id: "sizes", type: "text", value: options.sizes, autocomplete: "off", "aria-describedby": "sizes-hint" });
  const hint = h("p", { class: "hint", id: "sizes-hint" }, "A box such as 300 or 400x300, or several.");
  const format = select("format", ["same", "jpeg", "png", "webp", "avif"], options.format, formatName);
  const quality = h("input", { id: "quality", type: "number", min: 1, max: 100, placeholder: "auto", value: options.quality });
  const preset = h("input", { id: "preset", type: "text", value: options.preset, autocomplete: "off", placeholder: "none" });
  const fits = h(
    "div",
    { class: "segments" },
    ["inside", "cover", "fill"].map((fit) =>
      h("label", {}, h("input", { type: "radio", name: "fit", value: fit, checked: fit === options.fit }), h("span", {}, fit)),
    ),
  );
  const own = h(
    "fieldset",
    { class: "fields" },
    h("legend", { class: "hidden-text" }, "Thumbnails"),
    h("label", { for: "sizes" }, "Sizes"),
    sizes,
    hint,
    h("span", { class: "label", id: "fit-label" }, "Fit"),
    fits,
    h("div", { class: "pair" }, field("Format", format), field("Quality", quality)),
  );
  fits.setAttribute("role", "radiogroup");
  fits.setAttribute("aria-labelledby", "fit-label");

  const change = () => {
    options.sizes = sizes.value;
    options.format = format.value;
    options.quality = quality.value;
    options.preset = preset.value.trim();
    options.fit = /** @type {HTMLInputElement | null} */ (fits.querySelector(":checked"))?.value ?? "inside";
    own.disabled = options.preset !== "";
    const problem = problemOf(options);
    sizes.setAttribute("aria-invalid", String(problem !== ""));
    hint.className = problem ? "hint bad" : "hint";
    fill(hint, problem || "A box such as 300 or 400x300, or several.");
    localStorage.setItem(Key, JSON.stringify(options));
  };
  const element = h("div", { class: "options", oninput: change }, own, h("details", {}, h("summary", {}, "Preset"), field("Name of a preset of the service, instead of these options", preset)));
  change();

  return { element, actions: () => toActions(options), problem: () => problemOf(options) };
}

/**
 * @param {string} text
 * @returns {{ width?: number, height?: number }[] | null} null if the text is not a list of sizes
 */
export function parseSizes(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const sizes = parts.map((part) => {
    const match = /^(?:(\d{1,4})|(\d{0,4})[x×](\d{0,4}))$/.exec(part);
    const [width, height] = match ? (match[1] ? [match[1], match[1]] : [match[2], match[3]]) : ["", ""];
    return { ...(width ? { width: Number(width) } : {}), ...(height ? { height: Number(height) } : {}) };
  });
  const isValid = (/** @type {{ width?: number, height?: number }} */ size) => {
    const sides = Object.values(size);
    return sides.length > 0 && sides.every((side) => side >= 1 && side <= MaxSide);
  };
  return sizes.length > 0 && sizes.length <= MaxSizes && sizes.every(isValid) ? sizes : null;
}

/** @param {Options} options */
function problemOf(options) {
  const sizes = parseSizes(options.sizes);
  if (options.preset) {
    return "";
  }
  if (!sizes) {
    return `Give sizes from 1 to ${MaxSide}, at most ${MaxSizes}: 300, 400x300.`;
  }
  const needsBoth = options.fit !== "inside" && sizes.some((size) => !size.width || !size.height);
  return needsBoth ? `With ${options.fit}, give width and height.` : "";
}

/**
 * @param {Options} options
 * @returns {Action[]}
 */
function toActions(options) {
  if (options.preset) {
    return [{ measure: {} }, { preset: options.preset }];
  }
  const common = /** @type {import("../client/client.js").Schemas["ThumbnailRequest"]} */ ({
    ...(options.fit === "inside" ? {} : { fit: options.fit }),
    ...(options.format === "same" ? {} : { format: options.format }),
    ...(options.quality ? { quality: Number(options.quality) } : {}),
  });
  return [{ measure: {} }, ...(parseSizes(options.sizes) ?? []).map((size) => ({ thumbnail: { ...size, ...common } }))];
}

/** @param {string} format */
const formatName = (format) => (format === "same" ? "as the image" : format === "jpeg" ? "JPEG" : format === "webp" ? "WebP" : format.toUpperCase());

/**
 * @param {string} label
 * @param {HTMLElement} input
 */
const field = (label, input) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);

/**
 * @param {string} id
 * @param {string[]} values
 * @param {string} selected
 * @param {(value: string) => string} nameOf
 */
const select = (id, values, selected, nameOf) =>
  h("select", { id }, values.map((value) => h("option", { value, selected: value === selected }, nameOf(value))));
