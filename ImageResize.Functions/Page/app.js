// Starts the page: views by the address after the #, keys, and what applies to all views.

import { fill, find, h } from "./shared/dom.js";
import { askForKeys, callerKey } from "./shared/keys.js";
import { connectTheme } from "./shared/theme.js";

/**
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {(rest: string[]) => void} [show] the address has changed
 * @property {() => void} [hide]
 */

/**
 * @typedef {object} Module
 * @property {() => View} create
 * @property {() => Promise<unknown>} [prepare] loads what isn't a module
 */

/** @type {Record<string, { title: string, load: () => Promise<Module> }>} */
const views = {
  images: { title: "Work", load: () => import("./images/view.js") },
  playground: { title: "Playground", load: () => import("./playground/view.js") },
  health: { title: "Health", load: () => import("./health/view.js") },
};

/** @type {Map<string, Promise<View>>} */
const created = new Map();

/** The number of addresses so far. A view that has loaded after the next address is not shown. */
let addresses = 0;

/** @type {View | null} */
let shown = null;

async function navigate() {
  const address = ++addresses;
  const [name = "images", ...rest] = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);
  const found = Object.hasOwn(views, name) ? name : "images";
  for (const link of document.querySelectorAll("nav a")) {
    link.toggleAttribute("aria-current", link instanceof HTMLElement && link.dataset.view === found);
    if (link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "page");
    }
  }
  document.title = `${views[found].title} · ImageResize`;
  const loading = created.get(found) ?? views[found].load().then((module) => module.create());
  created.set(found, loading);
  let view;
  try {
    view = await loading;
  } catch (error) {
    console.warn(error);
    created.delete(found);
    shown?.hide?.();
    shown = null;
    fill(find("#main", HTMLElement), h("p", { class: "notice" }, "This part of the page could not be loaded. Reload the page."));
    return;
  }
  if (address !== addresses) {
    return;
  }
  if (shown !== view) {
    shown?.hide?.();
    shown = view;
    fill(find("#main", HTMLElement), view.element);
  }
  view.show?.(rest);
}

/** Loads the views that aren't shown, so that they also open while the service doesn't answer. */
async function loadOthers() {
  for (const { load } of Object.values(views)) {
    await load().then((module) => module.prepare?.()).catch(() => {});
  }
}

/** Part of an address, also of one that was cut off. @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showKeyState() {
  find("#key-button", HTMLElement).textContent = callerKey() ? "Key set" : "Key";
}

find("#key-button", HTMLElement).addEventListener("click", () => askForKeys());
document.addEventListener("keys-changed", showKeyState);
connectTheme(find("#theme", HTMLSelectElement));
addEventListener("hashchange", navigate);

// A file that is dropped beside the drop area must not replace the page.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => event.preventDefault());

showKeyState();
void navigate().then(() => (globalThis.requestIdleCallback ?? setTimeout)(() => void loadOthers()));
