// Draws docs/pictures/progress.svg: runs `imageresize batch` in a terminal and draws what it shows while it works and at its end.
//
//   node docs/pictures/progress.mjs IMAGERESIZE FOLDER    IMAGERESIZE is the program; FOLDER has a thousand images or so
//
// Needs a running service, `script` of util-linux, and a folder that was not uploaded before.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const Columns = 100;
const [program, folder] = process.argv.slice(2);
const colors = { 31: "#f47067", 32: "#8ddb8c", 33: "#daaa3f", 34: "#6cb6ff", 90: "#768390" };

// What is in the terminal: rows of cells with a character and a colour.
const rows = [[]];
let [row, column, color] = [0, 0, ""];

const show = (text) => {
  for (const [token, , parameters, command] of text.matchAll(/\x1b\[(\??([\d;]*))([A-Za-z])|[\s\S]/gu)) {
    if (command === "m") {
      color = colorOf(parameters.split(";").map(Number));
    } else if (command === "A") {
      row = Math.max(0, row - Number(parameters || 1));
    } else if (command === "K") {
      rows[row] = parameters === "2" ? [] : rows[row].slice(0, column);
    } else if (command) {
      continue;
    } else if (token === "\r") {
      column = 0;
    } else if (token === "\n") {
      rows[++row] ??= [];
      column = 0;
    } else {
      rows[row][column++] = { character: token, color };
    }
  }
};

const colorOf = ([mode, kind, index]) => {
  if (mode === 38 && kind === 5) {
    return { 1: colors[31], 2: colors[32], 8: colors[90], 9: colors[31], 10: colors[32], 11: colors[33], 12: colors[34], 14: "#76e3ea" }[index] ?? "#545d68";
  }
  return colors[mode] ?? (mode === 1 ? color : "");
};

const copy = () => rows.map((cells) => Array.from(cells, (cell) => cell ?? { character: " ", color: "" }));
const textOf = (cells) => cells.map((cell) => cell.character).join("");
const escape = (text) => text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const command = "imageresize batch photos/ --width 64 --height 64 --fit cover --out thumbnails/";
const line = `stty cols ${Columns} rows 40; exec ${program} batch ${folder} --width 64 --height 64 --fit cover --out ${mkdtempSync(join(tmpdir(), "thumbnails-"))}`;
const run = spawn("script", ["-qec", line, "/dev/null"], { env: { ...process.env, TERM: "xterm-256color", NO_COLOR: undefined } });
run.stdout.setEncoding("utf8");

let middle;
run.stdout.on("data", (text) => {
  show(text);
  const [, done, total] = /Thumbnails.*?([\d,]+) of ([\d,]+)/.exec(rows.map(textOf).join("\n"))?.map((number) => Number(number.replaceAll(",", ""))) ?? [];
  middle = middle || done < total * 0.5 || !done || done > total * 0.8 ? middle : copy();
});

run.on("close", () => {
  const prompt = Array.from(`$ ${command}`, (character) => ({ character, color: "" }));
  const screens = [middle ?? [], copy()].map((screen) => [prompt, ...screen.filter((cells, i) => textOf(cells).trim() || textOf(screen[i - 1] ?? []).trim())]);
  writeFileSync(new URL("progress.svg", import.meta.url), draw(screens));
});

function draw(screens) {
  const [cellWidth, lineHeight, margin] = [8.4, 19, 16];
  let y = margin;
  const parts = screens.map((screen) => {
    const height = screen.length * lineHeight + margin;
    const lines = screen.map((cells, i) => {
      const spans = cells.map(({ character, color }, x) => (character.trim() ? `<tspan x="${(margin * 2 + x * cellWidth).toFixed(1)}"${color ? ` fill="${color}"` : ""}>${escape(character)}</tspan>` : ""));
      return `<text y="${y + (i + 1) * lineHeight}">${spans.join("")}</text>`;
    });
    const box = `<rect x="${margin}" y="${y}" width="${Columns * cellWidth + margin * 2}" height="${height}" rx="6" fill="#22272e"/>`;
    y += height + margin;
    return [box, ...lines].join("\n");
  });
  const width = Columns * cellWidth + margin * 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace" font-size="14" fill="#adbac7">
<title>imageresize batch: while it works, and at its end</title>
${parts.join("\n")}
</svg>
`;
}
