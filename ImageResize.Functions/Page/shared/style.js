// Styles of views that are not shown first.

import { h } from "./dom.js";

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export function loadStyle(path) {
  const link = h("link", { rel: "stylesheet", href: new URL(`../${path}`, import.meta.url).href });
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  return loaded;
}
