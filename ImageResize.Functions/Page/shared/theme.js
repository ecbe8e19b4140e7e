// The theme of the page: the system's, or the one that was chosen in this browser.

const Name = "imageresize.theme";

/** "" is the system's. */
const chosen = () => localStorage.getItem(Name) ?? "";

function apply() {
  document.documentElement.style.colorScheme = chosen();
  document.dispatchEvent(new Event("theme-changed"));
}

/** @param {HTMLSelectElement} select */
export function connectTheme(select) {
  select.value = chosen();
  select.addEventListener("change", () => {
    localStorage.setItem(Name, select.value);
    apply();
  });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
apply();
