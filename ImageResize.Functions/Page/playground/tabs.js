// The request in several languages, one at a time.

import { announce, fill, find, h } from "../shared/dom.js";
import { snippets } from "./snippets.js";

export function createSnippets() {
  let selected = 0;

  /** @type {import("./snippets.js").Request | null} */
  let request = null;
  const code = h("code");
  const panel = h("pre", { role: "tabpanel", id: "snippet", tabindex: 0, "aria-labelledby": "tab-0" }, code);
  const tabs = snippets.map(([name], i) => h(
    "button",
    { type: "button", role: "tab", id: `tab-${i}`, "aria-controls": "snippet", onclick: () => select(i), onkeydown: move }, name));
  const copy = h("button", { type: "button", class: "quiet small copy", onclick: copyCode }, "Copy");
  const element = h(
    "section",
    { class: "snippets", "aria-label": "The same request" },
    h("div", { class: "tabs" }, h("div", { role: "tablist", "aria-label": "Languages" }, tabs), copy),
    panel,
  );
  select(0);

  /** @param {number} index */
  function select(index) {
    selected = index;
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === selected));
      tab.tabIndex = i === selected ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${selected}`);
    render();
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      select((selected + step + tabs.length) % tabs.length);
      tabs[selected].focus();
    }
  }

  function render() {
    fill(code, request ? snippets[selected][1](request) : "");
  }

  async function copyCode() {
    const text = code.textContent ?? "";
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
    } else {
      // On pages without https.
      getSelection()?.selectAllChildren(find("#snippet", HTMLElement));
      document.execCommand("copy");
    }
    fill(copy, "Copied");
    announce("Copied");
    setTimeout(() => fill(copy, "Copy"), 1_500);
  }

  return { element, show: (/** @type {import("./snippets.js").Request} */ now) => ((request = now), render()) };
}
