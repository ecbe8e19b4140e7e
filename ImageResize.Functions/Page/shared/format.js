// Numbers, sizes and times as people read them.

// Created once, because creating one takes milliseconds.
const whole = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** @param {number} value */
export const count = (value) => whole.format(value);

/** @param {number} value */
export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) {
    return `${rounded} s`;
  }
  if (rounded < 3600) {
    return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  }
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
}

/**
 * @param {number} amount
 * @param {string} one
 * @param {string} [several]
 */
export const plural = (amount, one, several = one + "s") => `${count(amount)} ${amount === 1 ? one : several}`;

/** @param {number} value images per second */
export const rate = (value) => (value >= 10 ? count(Math.round(value)) : value.toFixed(1));

/** @param {number | string | Date} time */
export function when(time) {
  const date = new Date(time);
  return (date.toDateString() === new Date().toDateString() ? clock : day).format(date);
}

/**
 * Splits a path into its folder, with the slash, and its name.
 * @param {string} path
 * @returns {[string, string]}
 */
export function splitPath(path) {
  const end = path.lastIndexOf("/") + 1;
  return [path.slice(0, end), path.slice(end)];
}
