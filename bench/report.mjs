// Replaces older values of the same part, case and system with new ones, and writes tables of all values.
//
//   report.mjs NEW.csv DAY.csv DAY.md
import { execSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const [fresh, day, page] = process.argv.slice(2);
const header = "part,case,system,round,measure,value";

const read = (file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line && line !== header) : []);
const keyOf = (line) => line.split(",").slice(0, 3).join();

const added = read(fresh);
const replaced = new Set(added.map(keyOf));
const lines = [...read(day).filter((line) => !replaced.has(keyOf(line))), ...added];
writeFileSync(day, [header, ...lines, ""].join("\n"));

const values = new Map(); // by part, case, system and measure
for (const line of lines) {
  const [part, what, system, , measure, value] = line.split(",");
  const key = [part, what, system, measure].join();
  values.set(key, [...(values.get(key) ?? []), +value]);
}

const systems = {
  ours: "ImageResize", bullmq: "BullMQ + sharp + Redis", rq: "RQ + Pillow + Redis", "rq-preloaded": "the same, modules imported before the fork",
  celery: "Celery + Pillow + Redis", "libvips-loop": "libvips in a loop, no service",
  libvips: "libvips (NetVips)", skiasharp: "SkiaSharp", magick: "Magick.NET", sharp: "sharp",
  pillow: "Pillow", "pillow-whole": "Pillow, no draft", djpeg: "djpeg, decode only",
};
const tuned = { bullmq: (processes, jobs) => `${processes} x ${jobs} jobs at once` };
const order = Object.keys(systems);
const kindOf = (system) => system.split(":")[0];

function nameOf(system) {
  const [kind, ...numbers] = system.split(":");
  const tuning = numbers.length ? ` (${tuned[kind]?.(...numbers) ?? `${numbers} processes`})` : "";
  return systems[kind] + tuning;
}

const unique = (part, place) => [...new Set(lines.filter((line) => line.startsWith(`${part},`)).map((line) => line.split(",")[place]))];
const systemsOf = (part) => unique(part, 2).sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));

function median(...key) {
  const sorted = [...(values.get(key.join()) ?? [])].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2; // NaN if empty
}

const number = (value) => (Number.isNaN(value) ? "-" : value.toLocaleString("en-US", { maximumSignificantDigits: Math.max(3, String(Math.round(value)).length) }));
const table = (head, body) => [head, head.map(() => "---"), ...body].map((row) => `| ${row.join(" | ")} |`).join("\n");
const runs = (part, measure) => {
  const counts = [...values].filter(([key]) => key.startsWith(`${part},`) && key.endsWith(`,${measure}`)).map(([, all]) => all.length);
  return `${Math.min(...counts)}${Math.min(...counts) < Math.max(...counts) ? ` to ${Math.max(...counts)}` : ""} runs`;
};

const parts = {
  "end-to-end": () => unique("end-to-end", 1).map((what) => {
    const at = (system, measure) => median("end-to-end", what, system, measure);
    const against = (system, measure) => number(at(system, measure) / at("ours", measure));
    return `## From POST to the last result: ${what}\n
Thumbnails of 100 x 100, JPEG of quality 80, written to files. CPU of all processes: program, workers, HTTP front, storage. Medians of ${runs("end-to-end", "wall_ms")}.\n
${table(
      ["system", "CPU an image, ms", "times ours", "all results after, ms", "times ours", "images a second", "POST answered after, ms", "memory, MB"],
      systemsOf("end-to-end").filter((system) => at(system, "cpu_ms") >= 0).map((system) => [
        nameOf(system), number(at(system, "cpu_ms")), against(system, "cpu_ms"), number(at(system, "wall_ms")), against(system, "wall_ms"),
        number((parseInt(what) * 1000) / at(system, "wall_ms")), number(at(system, "answer_ms")), number(at(system, "peak_mb")),
      ]))}`;
  }),

  rates: () => unique("rates", 1).map((what) => `## One image at a time\n
POST to result on an idle system; then 16 connections that submit, with the workers at work; then 16 that read finished results. Medians of ${runs("rates", "alone_ms")}.\n
${table(
    ["system", "one alone, ms", "submissions a second", "results read a second"],
    systemsOf("rates").map((system) => [nameOf(system), ...["alone_ms", "submissions_s", "results_s"].map((measure) => number(median("rates", what, system, measure)))]))}`),

  kernels: () => ["CPU an image, ms|cpu_ms", "Peak memory, MB|peak_mb"].map((titled) => {
    const [title, measure] = titled.split("|");
    return `## One picture to one thumbnail: ${title}\n
A file to a JPEG of quality 80 in memory, one at a time, a process for each library and row. Medians of ${runs("kernels", measure)}.\n
${table(
      ["", ...systemsOf("kernels").map(nameOf)],
      unique("kernels", 1).map((what) => [what, ...systemsOf("kernels").map((system) => number(median("kernels", what, system, measure)))]))}`;
  }),

  sources: () => unique("sources", 1).map((what) => {
    const at = (source, measure) => median("sources", what, source, measure);
    return `## The same photos from elsewhere: ${what}\n
Thumbnails of 100 x 100 beside their sources, of uploads in the folder. Medians of ${runs("sources", "app_cpu_ms")}.\n
${table(
      ["source", "CPU of the program an image, ms", "times the folder's", "of Azurite, ms", "storage operations an image", "all results after, ms"],
      unique("sources", 2).map((source) => [
        source, number(at(source, "app_cpu_ms")), number(at(source, "app_cpu_ms") / at("folder", "app_cpu_ms")), number(at(source, "azurite_cpu_ms")),
        number(at(source, "operations")), number(at(source, "wall_ms")),
      ]))}`;
  }),

  scaling: () => [`## One batch, ever larger\n
Links to the same 500 photos; a program and storage of its own for each size. Medians of ${runs("scaling", "wall_ms_image")}.\n
${table(
    ["batch", "CPU an image, ms", "of it the program's", "images a second", "storage operations an image", "POST answered after, ms", "memory of the program, MB", "of Azurite, MB"],
    unique("scaling", 1).map((what) => {
      const at = (measure) => median("scaling", what, "ours", measure);
      return [what, at("cpu_ms_image"), at("app_cpu_ms_image"), 1000 / at("wall_ms_image"), at("operations_image"), at("answer_ms"), at("app_peak_mb"), at("azurite_peak_mb")]
        .map((value, place) => (place ? number(value) : value));
    }))}`],
};

const say = (command) => {
  try {
    return execSync(command, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n")[0];
  } catch {
    return "none";
  }
};
const python = "/usr/bin/python3 -c 'import rq, celery, PIL; print(rq.__version__, celery.__version__, PIL.__version__)'";
const [rq, celery, pillow] = say(python).split(" ");
writeFileSync(page, [
  `# Measured on ${new Date().toISOString().slice(0, 10)}`,
  `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${say("uname -sr")}; .NET ${say("dotnet --version")}, Node.js ${process.version}, `
    + `${say("redis-server --version | grep -o 'v=[^ ]*'").replace("v=", "Redis ")}, RQ ${rq}, Celery ${celery}, Pillow ${pillow}, `
    + "BullMQ, sharp, SkiaSharp and Magick.NET as pinned under `bench/peers`. Made by `bench/run`; every value is in the CSV file beside this.",
  ...Object.entries(parts).filter(([part]) => unique(part, 1).length).flatMap(([, make]) => make()),
  "",
].join("\n\n").trimEnd() + "\n");
