// The client and web server of bench/soak, and the monitor of the program's resources.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";

const [at, web, work, program, minutes, seed, rate] = process.argv.slice(2);
const images = `${work}/images`;
const mostAtWork = 60;
const patience = 180_000; // time limit of a job in ms, for a busy machine

let state = Number(seed);
/** Pseudorandom numbers from a seed (mulberry32). */
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
const oneOf = all => all[random(all.length)];
const sleep = time => new Promise(done => setTimeout(done, time));

// Images that can't become a thumbnail must fail; all others must succeed.
const photo = readFileSync(`${images}/CogentLabs.jpg`), png = readFileSync(`${images}/logo.png`);
const good = ["CogentLabs.jpg", "portrait.jpg", "logo.png", "Japan/fuji.jpg"];
const damaged = { "cut.jpg": photo.subarray(0, photo.length / 3), "cut.png": png.subarray(0, png.length / 2), "empty.jpg": Buffer.alloc(0),
  "text.png": Buffer.from("<svg/>"), "noise.jpg": Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)),
  "huge.png": Buffer.concat([png.subarray(0, 16), Buffer.from([0, 1, 0, 0, 0, 1, 0, 0]), png.subarray(24)]) };
for (const [name, bytes] of Object.entries(damaged)) writeFileSync(`${images}/${name}`, bytes);
const bad = [...Object.keys(damaged), "missing.jpg"];

// A web server with images, errors, slow responses, redirects, and a callback receiver.
const calledBack = {};
createServer((asked, answer) => {
  const [, what] = asked.url.split("/");
  if (asked.method === "POST") {
    calledBack[what] = (calledBack[what] ?? 0) + 1;
    asked.resume().on("end", () => answer.writeHead(204).end());
  } else if (what === "good") answer.writeHead(200, { "content-type": "image/jpeg" }).end(photo);
  else if (what === "slow") { answer.writeHead(200, { "content-type": "image/jpeg" }).write(photo.subarray(0, 1000)); setTimeout(() => answer.end(photo.subarray(1000)), 1500); }
  else if (what === "moved") answer.writeHead(302, { location: "/good" }).end();
  else if (what === "cut") { answer.writeHead(200, { "content-length": photo.length }).write(photo.subarray(0, 1000)); setTimeout(() => answer.destroy(), 100); }
  else answer.writeHead(404).end();
}).listen(Number(web), "127.0.0.1").unref();

const agent = new Agent({ keepAlive: true, maxSockets: 500, timeout: 10_000 });
function ask(method, path, { body, type = "application/json", headers = {}, hangUpAfter } = {}) {
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return new Promise((done, fail) => {
    const asked = request(at + path, { method, agent, headers: { ...headers, ...(bytes && { "content-type": type, "content-length": bytes.length }) } }, answer => {
      const parts = [];
      answer.on("data", part => parts.push(part)).on("error", fail).on("end", () => {
        const all = Buffer.concat(parts);
        let json; try { json = JSON.parse(all); } catch { /* no JSON */ }
        done({ status: answer.statusCode, bytes: all, json, headers: answer.headers });
      });
    });
    asked.on("error", fail);
    if (hangUpAfter !== undefined) setTimeout(() => asked.destroy(new Error("hung up")), hangUpAfter);
    asked.end(bytes);
  });
}
function expect(answer, ...statuses) {
  if (!statuses.includes(answer.status)) throw new Error(`answered ${answer.status} instead of ${statuses}: ${answer.bytes.toString().slice(0, 300)}`);
  return answer;
}

async function ended(path, isOver) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    const answer = await ask("GET", path);
    if (answer.status === 200 && isOver(answer.json)) return answer.json;
    await sleep(1000);
  }
  throw new Error(`${path} did not end`);
}
const job = async (id, right) => {
  const { state, error } = await ended(`/v1/jobs/${id}?wait=20`, job => job.state !== "queued");
  if (state !== right) throw new Error(`job ${id} is ${state} instead of ${right}: ${JSON.stringify(error)}`);
};
const batch = async (id, right) => {
  const { counts } = await ended(`/v1/batches/${id}`, batch => ["completed", "canceled"].includes(batch.state) && batch.counts.queued === 0);
  if (right && JSON.stringify([counts.succeeded, counts.failed]) !== JSON.stringify(right)) throw new Error(`batch ${id}: ${JSON.stringify(counts)}, not ${right}`);
  return counts;
};

const thumbnail = () => ({ thumbnail: { width: 20 + random(600), height: 20 + random(600), fit: oneOf(["inside", "cover", "fill"]), format: oneOf(["same", "jpeg", "png", "webp"]) } });
const submitJob = async (source, right) => {
  const made = expect(await ask("POST", "/v1/jobs", { body: { source, actions: [{ measure: {} }, thumbnail()] } }), 202).json;
  await job(made.id, right);
  return made.id;
};
const manyItems = () => Array.from({ length: 5 + random(40) }, () => random(5) === 0 ? { source: oneOf(bad), is: "bad" } : { source: oneOf(good), is: "good" });
const countsOf = items => [items.filter(item => item.is === "good").length, items.filter(item => item.is === "bad").length];
const submitBatch = async (items, more = {}) => expect(await ask("POST", "/v1/batches", {
  body: { items: items.map(({ source }) => ({ source })), actions: [thumbnail()], ...more } }), 202).json.id;
let calls = 0;

const kinds = {
  async oldThumbnail() {
    const right = random(4) > 0, name = oneOf(right ? good : bad.slice(0, -1));
    const { jobId } = expect(await ask("POST", `/imageapi?imagePath=${name}&customizedSize=${50 + random(300)}`), 200).json;
    const result = await ended(`/result?jobId=${jobId}`, () => true);
    if (result.Resize !== right) throw new Error(`${name}: ${JSON.stringify(result)}`);
  },
  async oldSize() {
    const { jobId } = expect(await ask("GET", `/imageapi?imagePath=${oneOf(good)}`), 200).json;
    await ended(`/result?jobId=${jobId}`, () => true);
  },
  async goodJob() { expect(await ask("GET", `/v1/jobs/${await submitJob(oneOf(good), "succeeded")}/thumbnails/0`), 200); },
  badJob: () => submitJob(oneOf(bad), "failed"),
  async upload() {
    const { source } = expect(await ask("POST", "/v1/images", { body: photo, type: "image/jpeg" }), 201).json;
    await submitJob(source, "succeeded");
  },
  async badUpload() { expect(await ask("POST", "/v1/images", { body: oneOf(["empty.jpg", "text.png", "noise.jpg"].map(name => damaged[name])), type: "image/png" }), 400, 415, 422); },
  webImage: () => submitJob(`http://pictures.example/${oneOf(["good", "slow", "moved"])}/${random(1000)}.jpg`, "succeeded"),
  badWebImage: () => submitJob(`http://pictures.example/${oneOf(["none", "cut"])}/${random(1000)}.jpg`, "failed"),
  async mixedBatch() {
    const items = manyItems(), id = await submitBatch(items);
    expect(await ask("GET", `/v1/batches/${id}/events`), 200);
    await batch(id, countsOf(items));
    expect(await ask("GET", `/v1/batches/${id}/jobs?state=failed`), 200);
    expect(await ask("GET", `/v1/batches/${id}/thumbnails.zip`), 200, 404);
    if (countsOf(items)[1] > 0) await batch(expect(await ask("POST", `/v1/batches/${id}/retry?error=any`), 202).json.id, [0, countsOf(items)[1]]);
  },
  async lines() {
    const items = manyItems();
    const lines = items.map(({ source }) => JSON.stringify({ source, actions: [thumbnail()] })).join("\n");
    await batch(expect(await ask("POST", "/v1/batches?name=lines", { body: lines, type: "application/x-ndjson" }), 202).json.id, countsOf(items));
  },
  async canceled() {
    const items = Array.from({ length: 300 }, () => ({ source: oneOf(good) })), id = await submitBatch(items);
    expect(await ask("DELETE", `/v1/batches/${id}`), 200, 202, 204);
    const counts = await batch(id);
    if (counts.succeeded + counts.canceled !== items.length) throw new Error(`canceled batch ${id}: ${JSON.stringify(counts)}`);
  },
  async folder() { await batch(expect(await ask("POST", "/imageapi?imagePath=Japan/"), 200).json.batchId, [1, 0]); },
  async callback() {
    const name = `call${calls++}`, items = manyItems();
    await batch(await submitBatch(items, { callback: { url: `http://receiver.example/${name}` } }), countsOf(items));
    const until = Date.now() + patience;
    while (!calledBack[name] && Date.now() < until) await sleep(200);
    if (calledBack[name] !== 1) throw new Error(`${name} was called back ${calledBack[name]} times`);
  },
  async twice() {
    const same = { headers: { "idempotency-key": `key-${state}` }, body: { source: oneOf(good), actions: [{ measure: {} }] } };
    const [one, other] = await Promise.all([ask("POST", "/v1/jobs", same), ask("POST", "/v1/jobs", same)]);
    if (expect(one, 202).json.id !== expect(other, 202).json.id) throw new Error("one key, two jobs");
    await job(one.json.id, "succeeded");
  },
  async hangsUp() { await ask("POST", "/v1/images", { body: photo, type: "image/jpeg", hangUpAfter: random(20) }).catch(() => {}); },
  async wrong() {
    expect(await ask("GET", "/v1/jobs/nobody"), 404);
    expect(await ask("POST", "/v1/jobs", { body: '{"source":' }), 400);
    expect(await ask("POST", "/imageapi?imagePath=../../etc/passwd"), 400);
  },
  async looks() { expect(await ask("GET", "/health/ready"), 200); expect(await ask("GET", "/"), 200); },
};
// Batches have many jobs, so they're less frequent.
const often = ["oldThumbnail", "oldSize", "goodJob", "badJob", "upload", "badUpload", "webImage", "badWebImage", "twice", "hangsUp", "wrong", "looks"];
const asked = [...often, ...often, ...often, ...Object.keys(kinds).filter(kind => !often.includes(kind))];

const read = path => { try { return readFileSync(path, "utf8"); } catch { return ""; } };
const list = path => { try { return readdirSync(path); } catch { return []; } };
async function look() {
  const family = [program, ...read(`/proc/${program}/task/${program}/children`).trim().split(" ").filter(Boolean)];
  const field = (process, name) => Number(read(`/proc/${process}/status`).match(new RegExp(`${name}:\\s+(\\d+)`))?.[1] ?? 0);
  const metrics = (await ask("GET", "/metrics")).bytes.toString();
  return { memory: Math.round(family.reduce((sum, process) => sum + field(process, "VmRSS"), 0) / 1024), handles: list(`/proc/${program}/fd`).length,
    threads: field(program, "Threads"), children: family.length - 1,
    files: list(`${images}/resized/.unfinished`).length + list(`${work}/temporary`).filter(name => !/^(clr-debug|dotnet-diagnostic)/.test(name)).length,
    queued: [...metrics.matchAll(/imageresize_queue_messages\{[^}]*="(?:interactive|bulk)"[^}]*\} (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0) };
}
const show = (when, seen) => console.log(`${when}: ${seen.memory} MB, ${seen.handles} handles, ${seen.threads} threads, ${seen.children} children, ${seen.files} unfinished files, ${seen.queued} messages; ${done} done, ${working.size} at work`);

const working = new Set(), failures = [], samples = [], counted = {};
let done = 0;
const began = Date.now(), end = began + minutes * 60_000;
for (let next = 0, looked = 0, shown = 0; Date.now() < end; next++) {
  const wait = began + (next * 1000) / rate - Date.now();
  if (wait > 0) await sleep(wait);
  while (working.size >= mostAtWork) await Promise.race(working); // limits the load on a slow machine
  const kind = oneOf(asked);
  counted[kind] = (counted[kind] ?? 0) + 1;
  const one = kinds[kind]().then(() => done++, failure => failures.push(`${kind}: ${failure.message}`)).finally(() => working.delete(one));
  working.add(one);
  if (Date.now() - looked > Math.min(5000, minutes * 1000)) { looked = Date.now(); samples.push(await look()); }
  if (Date.now() - shown > 60_000) { shown = Date.now(); show(`${Math.round((shown - began) / 60_000)} min`, samples.at(-1)); }
}
await Promise.all(working);

// The median of samples, so that the time of one garbage collection doesn't matter. The heap's reserve varies by about 50 MB.
const typical = (name, from, to) => samples.slice(Math.floor(samples.length * from), Math.max(1, Math.ceil(samples.length * to))).map(seen => seen[name]).sort((a, b) => a - b).at(Math.floor((Math.ceil(samples.length * to) - Math.floor(samples.length * from)) / 2));
for (const [name, most] of [["memory", 1.25], ["handles", 1.2], ["threads", 1.2]]) {
  const [early, late] = [typical(name, 0.15, 0.25), typical(name, 0.9, 1)];
  console.log(`${name}: ${early} after the first fifth, ${late} at the end (${(late / early).toFixed(2)} times)`);
  if (minutes >= 2 && late > most * early) failures.push(`${name} grew`);
}
let last;
for (const until = Date.now() + 90_000; Date.now() < until; await sleep(1000)) {
  last = await look();
  if (last.queued + last.files + last.children === 0) break;
}
show("quiet", last);
if (last.queued + last.files + last.children > 0) failures.push("something is left");
console.log(`asked: ${Object.entries(counted).map(([kind, count]) => `${count} ${kind}`).join(", ")}; ${failures.length} failed`);
for (const failure of failures.slice(0, 20)) console.log(failure);
process.exit(failures.length ? 1 : 0);
