// Bob reads a status and a thumbnail and has small jobs done, first alone, then while Alice attacks.
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { randomFillSync } from "node:crypto";

const [at, row, seconds, images] = process.argv.slice(2);
const { hostname, port } = new URL(at);
const bob = { key: "the-key-of-bob-who-is-calm", agent: new Agent({ keepAlive: true, maxSockets: 2 }) };
const alice = { key: "the-key-of-alice-the-attacker", agent: new Agent({ keepAlive: true, maxSockets: 64 }) };
const sleep = time => new Promise(done => setTimeout(done, time));
const median = values => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const attacks = {};
let ended = false;

function ask(caller, method, path, body, type = "application/json") {
  return new Promise((done, fail) => {
    const headers = { "x-functions-key": caller.key, ...(body && { "content-type": type, "content-length": body.length }) };
    const asked = request(at + path, { method, agent: caller.agent, headers }, answer => {
      const parts = [];
      answer.on("data", part => parts.push(part)).on("end", () => done({ status: answer.statusCode, body: Buffer.concat(parts) })).on("error", fail);
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

const job = thumbnail => Buffer.from(JSON.stringify({ source: thumbnail.source ?? "one.jpg", actions: [{ thumbnail: { width: 100, ...thumbnail, source: undefined } }] }));

async function make(caller, thumbnail) {
  const { status, body } = await ask(caller, "POST", "/v1/jobs", job(thumbnail));
  if (status !== 202) throw new Error(`Submitted: ${status} ${body}`);
  const { id } = JSON.parse(body);
  for (;;) {
    const { state } = JSON.parse((await ask(caller, "GET", `/v1/jobs/${id}?wait=60`)).body);
    if (state === "succeeded") return id;
    if (state !== "queued") throw new Error(`The job is ${state}.`);
  }
}

async function measure(until) {
  const times = { status: [], thumbnail: [], job: [] }, failures = {};
  const timed = async (kind, action) => {
    const started = performance.now();
    try {
      const answer = await action();
      if (answer.status && answer.status !== 200) failures[answer.status] = (failures[answer.status] ?? 0) + 1;
    } catch (error) { failures[error.code ?? error.message] = (failures[error.code ?? error.message] ?? 0) + 1; }
    times[kind].push(performance.now() - started);
  };
  while (Date.now() < until) {
    await timed("status", () => ask(bob, "GET", `/v1/jobs/${made}`));
    await timed("thumbnail", () => ask(bob, "GET", `/v1/jobs/${made}/thumbnails/0`));
    await timed("job", () => make(bob, { height: 1 + Math.floor(Math.random() * 4000) }));
  }
  return { times, failures };
}

const many = (text, bytes) => Array(Math.floor(bytes / (text.length + 1))).fill(text).join(",");
const count = status => (attacks[status] = (attacks[status] ?? 0) + 1);

async function repeat(action) {
  while (!ended) {
    try { count((await action()).status); } catch (error) { count(error.code ?? error.message); await sleep(50); }
  }
}

const rows = {
  // Bodies of 5 to 30 MB with millions of entries.
  async bodies() {
    const line = `{"source":"one.jpg","actions":[${many("{}", 30_000)}]}\n`;
    const kinds = [
      ["/v1/jobs", Buffer.from(`{"source":"one.jpg","actions":[${many("{}", 10_000_000)}]}`)],
      ["/v1/jobs", Buffer.from(`{"source":"one.jpg","actions":[${many("{}", 60_000)}]}`)],
      ["/v1/batches", Buffer.from(`{"items":[${many("0", 15_000_000)}]}`)],
      ["/v1/batches", Buffer.from(line.repeat(160)), "application/x-ndjson"],
    ];
    return kinds.flatMap(([path, body, type]) => [1, 2, 3].map(() => repeat(() => ask(alice, "POST", path, body, type))));
  },

  // Thirty callers request a thumbnail of some 40 MB and read nothing of it.
  async answers() {
    const side = 3600, header = Buffer.alloc(54);
    header.write("BM"); header.writeUInt32LE(54 + side * side * 3, 2); header.writeUInt32LE(54, 10); header.writeUInt32LE(40, 14);
    header.writeInt32LE(side, 18); header.writeInt32LE(side, 22); header.writeUInt16LE(1, 26); header.writeUInt16LE(24, 28);
    writeFileSync(`${images}/noise.bmp`, Buffer.concat([header, randomFillSync(Buffer.alloc(side * side * 3))]));
    const id = await make(alice, { source: "noise.bmp", width: 3590, format: "png" });
    return Array.from({ length: 30 }, async () => {
      const socket = connect(port, hostname);
      socket.on("error", error => count(error.code)).pause();
      socket.write(`GET /v1/jobs/${id}/thumbnails/0 HTTP/1.1\r\nHost: x\r\nx-functions-key: ${alice.key}\r\n\r\n`);
      while (!ended) await sleep(50);
      socket.destroy();
    });
  },

  // A stranger at another address holds as many unfinished requests as there may be connections.
  async connections() {
    return Array.from({ length: 2000 }, async () => {
      while (!ended) {
        const socket = connect({ port, host: hostname, localAddress: "127.0.0.2" });
        const closed = new Promise(done => socket.on("close", done));
        socket.on("error", error => count(error.code)).on("connect", () => socket.write("GET /v1/jobs/1 HTTP/1.1\r\nHost: x\r\n"));
        await Promise.race([closed, (async () => { while (!ended) await sleep(100); })()]);
        socket.destroy();
        await sleep(500);
      }
    });
  },
};

const made = await make(bob, {});
for (let i = 0; i < 20; i++) await make(bob, { height: 50 + i });
const idle = await measure(Date.now() + 5000);
const running = await rows[row]();
await sleep(500);
const attacked = await measure(Date.now() + seconds * 1000);
ended = true;
await Promise.allSettled(running);

for (const kind of Object.keys(idle.times)) {
  const [before, during] = [idle.times[kind], attacked.times[kind]];
  console.log(`${row}: ${kind} median ${median(before).toFixed(1)} ms idle, ${median(during).toFixed(1)} ms under attack ` +
    `(${(median(during) / median(before)).toFixed(1)} times), longest ${Math.max(...during).toFixed(0)} ms`);
}
console.log(`${row}: the calm caller's failures ${JSON.stringify(attacked.failures)}; the attacker was answered ${JSON.stringify(attacks)}`);
process.exit(0);
