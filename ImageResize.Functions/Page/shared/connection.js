// Whether the service answers, in one line at the top of the page.

import { fill, find, h } from "./dom.js";
import { askForKeys, callerKey } from "./keys.js";

/** @type {"works" | "away" | "full" | "needs key"} */
let state = "works";

/**
 * Shows the state of the service. With "needs key", resolves when the user has closed the dialog.
 * @param {"works" | "away" | "full" | "needs key"} now
 * @param {string} [message]
 * @param {number} [seconds] until the next attempt
 * @returns {Promise<void>}
 */
export async function report(now, message = "", seconds = 0) {
  const notice = find("#notice", HTMLElement);
  if (now === "works") {
    if (state !== "works") {
      notice.hidden = true;
    }
    state = now;
    return;
  }
  state = now;
  if (now === "needs key") {
    const before = callerKey();
    fill(notice, "The service needs a key. ", h("button", { type: "button", class: "link", onclick: () => askForKeys() }, "Enter it"));
    notice.hidden = false;
    await askForKeys(before ? "The service doesn't accept this key." : "The service needs a key.");
    if (callerKey() === before) {
      await new Promise((resolve) => document.addEventListener("keys-changed", resolve, { once: true }));
    }
  } else {
    const reason = now === "full" ? "Your unfinished work has reached its limit." : message;
    fill(notice, `${reason} The next attempt is in ${Math.round(seconds)} s. Nothing is lost.`);
    notice.hidden = false;
  }
}
