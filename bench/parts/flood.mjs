// One key sends requests steadily. In every other turn of two seconds, another one uses 64 connections for each kind of request.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

const [at, seconds, photo] = process.argv.slice(2);
const [turn, warmUp, pause] = [2000, 40, 20]; // milliseconds, requests, milliseconds
const image = readFileSync(photo);
const calm = { key: "the-key-of-a-calm-caller", agent: new Agent({ keepAlive: true, maxSockets: 2 }) };
const flood = { key: "the-key-of-one-that-floods", agent: new Agent({ keepAlive: true, maxSockets: 192 }) };
const statuses = {};

function ask(caller, method, path, body, type) {
  return new Promise((done, fail) => {
    const asked = request(at + path, { method, agent: caller.agent, headers: { "x-functions-key": caller.key, ...(body && { "content-type": type, "content-length": body.length }) } }, answer => {
      let text = "";
      answer.on("data", part => (text += part)).on("end", () => done({ status: answer.statusCode, text })).on("error", fail);
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

const sleep = time => new Promise(done => setTimeout(done, time));
const job = Buffer.from(JSON.stringify({ source: "one.jpg", actions: [{ measure: {} }] }));
const made = await ask(calm, "POST", "/v1/jobs", job, "application/json");
const id = JSON.parse(made.text).id;
const kinds = [
  () => ask(flood, "POST", "/v1/jobs", job, "application/json"),
  () => ask(flood, "POST", "/v1/images", image, "image/jpeg"),
  () => ask(flood, "GET", `/v1/batches/${id}/events`),
];

let floods = false, ended = false;
async function keepFlooding(kind) {
  while (!ended) {
    if (!floods) { await sleep(5); continue; }
    try {
      const { status } = await kind();
      statuses[status] = (statuses[status] ?? 0) + 1;
    } catch { statuses.broken = (statuses.broken ?? 0) + 1; }
  }
}

async function measure(times, until) {
  while (Date.now() < until) {
    const started = performance.now();
    const { status } = await ask(calm, "GET", `/v1/jobs/${id}`);
    if (status !== 200) throw new Error(`The calm caller was answered ${status}.`);
    times.push(performance.now() - started);
    await sleep(pause);
  }
}

const at_ = (times, part) => times.sort((a, b) => a - b)[Math.floor((times.length - 1) * part)];
const flooders = kinds.flatMap(kind => Array.from({ length: 64 }, () => keepFlooding(kind)));
for (let i = 0; i < warmUp; i++) await ask(calm, "GET", `/v1/jobs/${id}`);
const quiet = [], flooded = [];
for (let turns = 0; turns < (seconds * 1000) / turn; turns++) {
  floods = turns % 2 === 1;
  await sleep(floods ? 200 : 500); // until the flood has started or ended
  await measure(floods ? flooded : quiet, Date.now() + turn);
}
ended = true;
let slowed = false;
for (const [name, part] of [["median", 0.5], ["p95", 0.95]]) {
  const [without, beside] = [at_(quiet, part), at_(flooded, part)];
  slowed ||= beside > 1.5 * without;
  console.log(`${name}: ${without.toFixed(1)} ms without the flood, ${beside.toFixed(1)} ms with it (${(beside / without).toFixed(2)} times)`);
}
console.log(`the flood was answered: ${Object.entries(statuses).map(([status, count]) => `${count} times ${status}`).join(", ")}`);
process.exit(slowed ? 1 : 0);
