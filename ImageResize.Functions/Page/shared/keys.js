// The keys of this tab. They are kept in session storage, never in an address, a cookie or local storage.

import { fill, find, h } from "./dom.js";

const Caller = "imageresize.key";
const Operator = "imageresize.adminKey";

export const callerKey = () => sessionStorage.getItem(Caller) ?? "";
export const adminKey = () => sessionStorage.getItem(Operator) ?? "";

/** @type {Promise<void> | null} */
let open = null;

/**
 * Asks for the keys. Resolves when the dialog is closed.
 * @param {string} [reason] what went wrong
 */
export function askForKeys(reason = "") {
  open ??= show(reason).finally(() => (open = null));
  return open;
}

/** @param {string} reason */
async function show(reason) {
  const dialog = find("#key-dialog", HTMLDialogElement);
  const caller = h("input", { id: "caller-key", type: "password", autocomplete: "off", spellcheck: "false", value: callerKey() });
  const admin = h("input", { id: "admin-key", type: "password", autocomplete: "off", spellcheck: "false", value: adminKey() });
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    sessionStorage.setItem(Caller, caller.value.trim());
    sessionStorage.setItem(Operator, admin.value.trim());
    dialog.close();
  };
  fill(
    dialog,
    h(
      "form",
      { onsubmit: save },
      h("h2", { id: "key-title" }, "Keys"),
      reason ? h("p", { class: "bad", role: "alert" }, reason) : null,
      h("label", { for: "caller-key" }, "Your key"),
      caller,
      h("p", { class: "hint" }, "Not needed on the machine of a developer."),
      h("label", { for: "admin-key" }, "Admin key, for the details of Health"),
      admin,
      h("p", { class: "hint" }, "Keys are forgotten when this tab is closed."),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
        h("button", { type: "submit", class: "primary" }, "Use keys"),
      ),
    ),
  );
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  document.dispatchEvent(new Event("keys-changed"));
}
