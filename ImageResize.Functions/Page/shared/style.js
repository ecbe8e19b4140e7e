// Styles of views that are not shown first.

import { h } from "./dom.js";

/** @type {Map<string, Promise<unknown>>} */
const loading = new Map();

/**
 * Loads a style once.
 * @param {string} path
 * @returns {Promise<unknown>} also if it can't be loaded: the view is shown without it, and it's tried again with the next call
 */
export function loadStyle(path) {
  const known = loading.get(path);
  if (known) {
    return known;
  }
  const link = h("link", { rel: "stylesheet", href: new URL(`../${path}`, import.meta.url).href });
  const loaded = new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      loading.delete(path);
      resolve(undefined);
    };
  });
  loading.set(path, loaded);
  document.head.append(link);
  return loaded;
}
