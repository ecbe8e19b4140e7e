// The form with all options of a thumbnail, as the query parameters of POST /v1/thumbnails.

import { h } from "../shared/dom.js";

const MaxSide = 4096;
const WithQuality = new Set(["same", "auto", "jpeg", "webp", "avif"]);

/** @param {() => void} changed */
export function createOptions(changed) {
  const width = number("width", 480);
  const height = number("height", "");
  const fit = select("fit", [["inside", "inside the box"], ["cover", "cover the box"], ["fill", "fill, stretched"]]);
  const gravity = select("gravity", [["centre", "the center"], ["attention", "what attracts attention"]]);
  const format = select("format", [["same", "as the image"], ["auto", "auto, by Accept"], ["jpeg", "JPEG"], ["png", "PNG"], ["webp", "WebP"], ["avif", "AVIF"]]);
  const hasQuality = h("input", { type: "checkbox", id: "has-quality" });
  const quality = h("input", { type: "range", min: 1, max: 100, value: 80, "aria-label": "Quality" });
  const qualityText = h("output", {}, "80");
  const hasBackground = h("input", { type: "checkbox", id: "has-background" });
  const background = h("input", { type: "color", id: "background", value: "#ffffff", "aria-label": "Background" });
  const copyright = h("input", { type: "checkbox" });
  const profile = h("input", { type: "checkbox" });
  const animated = h("input", { type: "checkbox" });
  const gravityField = field("Keeps", gravity);
  const element = h(
    "form",
    { onsubmit: (/** @type {Event} */ event) => event.preventDefault(), oninput: change },
    h("div", { class: "pair" }, field("Width", width), field("Height", height)),
    field("Fit", fit),
    gravityField,
    field("Format", format),
    h("fieldset", {}, check(hasQuality, "Quality"), h("div", { class: "quality" }, quality, qualityText)),
    h("fieldset", { class: "background" }, check(hasBackground, "Background for transparent pixels"), background),
    h("fieldset", {}, h("legend", { class: "label" }, "Keep metadata"), check(copyright, "Copyright"), check(profile, "Color profile")),
    check(animated, "Keep all frames of an animation"),
  );
  show();

  function show() {
    qualityText.value = quality.value;
    hasQuality.disabled = !WithQuality.has(format.value);
    quality.disabled = !hasQuality.checked || hasQuality.disabled;
    background.disabled = !hasBackground.checked;
    gravityField.hidden = fit.value !== "cover";
  }

  function change() {
    show();
    changed();
  }

  /** The options that differ from the defaults. */
  function read() {
    const metadata = [copyright.checked ? "copyright" : "", profile.checked ? "colourProfile" : ""].filter(Boolean);
    return /** @type {import("../client/client.js").Thumbnail} */ ({
      ...(width.value ? { width: Number(width.value) } : {}),
      ...(height.value ? { height: Number(height.value) } : {}),
      ...(fit.value === "inside" ? {} : { fit: fit.value }),
      ...(fit.value === "cover" && gravity.value !== "centre" ? { gravity: gravity.value } : {}),
      ...(format.value === "same" ? {} : { format: format.value }),
      ...(quality.disabled ? {} : { quality: Number(quality.value) }),
      ...(background.disabled ? {} : { background: background.value }),
      ...(metadata.length > 0 ? { metadata } : {}),
      ...(animated.checked ? { animated: true } : {}),
    });
  }

  return { element, read };
}

/** @param {string} id @param {number | string} value */
const number = (id, value) => h("input", { type: "number", id, min: 1, max: MaxSide, value, placeholder: "auto", inputmode: "numeric" });

/** @param {string} id @param {[string, string][]} values */
const select = (id, values) => h("select", { id }, values.map(([value, text]) => h("option", { value }, text)));

/** @param {string} text @param {HTMLElement} input */
const field = (text, input) => h("div", { class: "field" }, h("label", { for: input.id }, text), input);

/** @param {HTMLInputElement} input @param {string} text */
const check = (input, text) => h("label", { class: "check" }, input, text);
