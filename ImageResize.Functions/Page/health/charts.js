// Charts of the last hours, drawn by uPlot.

import { fill, h } from "../shared/dom.js";
import { count, plural } from "../shared/format.js";

/**
 * @typedef {import("./view.js").Minute} Minute
 * @typedef {{ title: string, series: { label: string, color: string, value: (minute: Minute) => number | undefined }[] }} Chart
 */

const Height = 150;

/** A gap of more minutes is shown as one. */
const MaxGapSeconds = 120;

/** Times are shown without seconds. */
const TickSeconds = [1, 5, 10, 30, 60, 120, 240].map((minutes) => minutes * 60);

/** @type {Chart[]} */
const charts = [
  {
    title: "Images a minute",
    series: [
      { label: "Done", color: "--accent", value: (minute) => minute.succeeded },
      { label: "Failed", color: "--bad", value: (minute) => minute.failed },
    ],
  },
  { title: "Backlog, in messages", series: [{ label: "Queued", color: "--accent", value: (minute) => minute.queued }] },
  {
    title: "Instances and images at work",
    series: [
      { label: "At work", color: "--accent", value: (minute) => minute.imagesInWork },
      { label: "Instances", color: "--good", value: (minute) => minute.instances },
    ],
  },
  { title: "Storage faults", series: [{ label: "Faults", color: "--bad", value: (minute) => minute.storageFaults }] },
];

export function createCharts() {
  const element = h("div", { class: "charts" });

  /** @type {Minute[]} */
  let shown = [];

  /** @type {{ destroy: () => void }[]} */
  let plots = [];

  /** @param {Minute[]} minutes */
  async function show(minutes) {
    shown = minutes;
    if (minutes.length === 0 || !element.isConnected) {
      return;
    }
    const UPlot = await loadUPlot();
    plots.forEach((plot) => plot.destroy());
    const figures = charts.map((chart) => h("figure", { class: "chart" }, h("figcaption", {}, chart.title), h("div", { role: "img", "aria-label": textOf(chart, minutes) })));
    fill(element, figures);
    plots = charts.map((chart, i) => draw(UPlot, chart, minutes, /** @type {HTMLElement} */ (figures[i].lastElementChild)));
  }

  const again = () => void show(shown);
  document.addEventListener("theme-changed", again);
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) > 1) {
      width = entry.contentRect.width;
      again();
    }
  }).observe(element);

  return { element, show };
}

/**
 * @param {any} UPlot
 * @param {Chart} chart
 * @param {Minute[]} minutes
 * @param {HTMLElement} place
 */
function draw(UPlot, chart, minutes, place) {
  const style = getComputedStyle(place);
  const probe = h("i", { hidden: true });
  place.append(probe);
  const colorOf = (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [quiet, line] = [colorOf("--quiet"), colorOf("--line")];
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const colors = chart.series.map((series) => colorOf(series.color));
  const options = {
    width: place.clientWidth,
    height: Height,
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: { y: { range: (/** @type {unknown} */ _plot, /** @type {number} */ _min, /** @type {number} */ max) => [0, Math.max(1, max * 1.1)] } },
    axes: [{ ...axis, size: 28, space: 70, incrs: TickSeconds, values: timesOf }, { ...axis, size: 46, values: (/** @type {unknown} */ _plot, /** @type {number[]} */ values) => values.map((value) => (Number.isInteger(value) ? count(value) : "")) }],
    series: [
      { value: (/** @type {unknown} */ _plot, /** @type {number | null} */ time) => (time === null ? "" : clock(time)) },
      ...chart.series.map((series, i) => ({
        label: series.label, stroke: colors[i], width: 1.5, fill: i === 0 ? colors[i].replace(/^rgb\((.*)\)$/, "rgba($1, 0.12)") : undefined, points: { show: minutes.length < 3 },
        value: (/** @type {unknown} */ _plot, /** @type {number | null} */ value) => (value === null ? "" : count(value)),
      })),
    ],
  };
  probe.remove();
  return new UPlot(options, dataOf(chart, minutes), place);
}

/**
 * Adds empty points where no instance ran, so that no line is drawn there.
 * @param {Chart} chart
 * @param {Minute[]} minutes
 */
function dataOf(chart, minutes) {
  /** @type {(number | null)[][]} */
  const data = [[], ...chart.series.map(() => [])];
  let last = 0;
  for (const minute of minutes) {
    const time = Date.parse(minute.at) / 1000;
    if (last > 0 && time - last > MaxGapSeconds) {
      data.forEach((values, i) => values.push(i === 0 ? last + 60 : null));
    }
    last = time;
    data[0].push(time);
    chart.series.forEach((series, i) => data[i + 1].push(series.value(minute) ?? null));
  }
  return data;
}

/**
 * @param {Chart} chart
 * @param {Minute[]} minutes
 */
function textOf(chart, minutes) {
  const values = chart.series.map((series) => {
    const numbers = minutes.map((minute) => series.value(minute) ?? 0);
    return `${series.label} ${count(numbers.at(-1) ?? 0)} now, ${count(Math.max(...numbers))} at most`;
  });
  return `${chart.title}, ${plural(minutes.length, "minute")}: ${values.join("; ")}`;
}

/** @param {number} seconds */
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

/** @param {unknown} _plot @param {number[]} times */
const timesOf = (_plot, times) => times.map(clock);

/** @type {Promise<any> | null} */
let loading = null;

/** Loads uPlot once. It's a script and not a module. */
export function loadUPlot() {
  loading ??= new Promise((resolve, reject) => {
    const script = h("script", { src: new URL("../vendor/uPlot.iife.min.js", import.meta.url).href });
    script.onload = () => resolve(/** @type {any} */ (globalThis).uPlot);
    script.onerror = () => {
      loading = null;
      reject(new Error("The charts could not be loaded."));
    };
    document.head.append(script);
  });
  return loading;
}
