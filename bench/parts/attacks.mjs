// Alice attacks until she is told to end, and reports how she was answered. The rows are those of docs/reliability.md.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { Caller, sleep } from "./caller.mjs";
import * as files from "./hostile-files.mjs";

const [at, chosen, images, webPort] = process.argv.slice(2);
const { hostname, port } = new URL(at);
const alice = new Caller(at, "the-key-of-alice-the-attacker", 256);
const answers = {};
let ended = false;

const count = status => (answers[status] = (answers[status] ?? 0) + 1);
const many = (text, bytes) => Array(Math.floor(bytes / (text.length + 1))).fill(text).join(",");
const times = (number, action) => Array.from({ length: number }, (_, i) => action(i));
const sizes = (number, thumbnail) => times(number, i => ({ thumbnail: { ...thumbnail, width: thumbnail.width - i } }));

async function repeat(action) {
  while (!ended) {
    try { count((await action()).status); } catch (error) { count(error.code ?? error.message); await sleep(50); }
  }
}

// Submits again and again, also what was refused, at a rate that the limits of requests allow.
const submit = (path, request) => repeat(async () => {
  const answer = await alice.ask("POST", path, Buffer.from(JSON.stringify(request())));
  await sleep(250);
  return answer;
});

async function upload(name, bytes, type) {
  const { status, body } = await alice.ask("POST", "/v1/images", bytes, type);
  count(`${name}: ${status}`);
  return status === 201 ? JSON.parse(body).source : null;
}

const rows = {
  // Bodies of 5 to 15 MB with millions of entries.
  async bodies() {
    const line = `{"source":"one.jpg","actions":[${many("{}", 30_000)}]}\n`;
    const kinds = [
      ["/v1/jobs", Buffer.from(`{"source":"one.jpg","actions":[${many("{}", 10_000_000)}]}`)],
      ["/v1/jobs", Buffer.from(`{"source":"one.jpg","actions":[${many("{}", 60_000)}]}`)],
      ["/v1/batches", Buffer.from(`{"items":[${many("0", 15_000_000)}]}`)],
      ["/v1/batches", Buffer.from(line.repeat(160)), "application/x-ndjson"],
    ];
    kinds.forEach(([path, body, type]) => times(3, () => repeat(() => alice.ask("POST", path, body, type))));
  },

  // Jobs of large images with 17 large thumbnails each.
  async outputs() {
    writeFileSync(`${images}/large.bmp`, files.bmp(4000));
    times(4, () => submit("/v1/jobs", () => ({ source: "large.bmp", actions: sizes(17, { width: 3790 }) })));
  },

  // Thirty callers request a thumbnail of some 40 MB and read nothing of it.
  async answers() {
    writeFileSync(`${images}/noise.bmp`, files.bmp(3600));
    const id = await alice.make("noise.bmp", { width: 3590, format: "png" });
    times(30, async () => {
      const socket = connect(port, hostname);
      socket.on("error", error => count(error.code)).pause();
      socket.write(`GET /v1/jobs/${id}/thumbnails/0 HTTP/1.1\r\nHost: x\r\nx-functions-key: ${alice.key}\r\n\r\n`);
      while (!ended) await sleep(50);
      socket.destroy();
    });
  },

  // Images whose web server stalls after some bytes or gives ten of them every six seconds, and a hundred jobs for each.
  async web() {
    const photo = files.bmp(500);
    createServer((request, response) => {
      response.writeHead(200, { "content-type": "image/bmp" });
      response.write(photo.subarray(0, request.url.startsWith("/drip") ? 10 : 700_000));
      let sent = 10;
      const timer = setInterval(() => response.write(photo.subarray(sent, (sent += 10))), 6000);
      response.on("close", () => clearInterval(timer));
    }).listen(webPort, "127.0.0.1");
    const job = kind => ({ source: `http://slow.example/${kind}/${Math.random()}.bmp`, actions: sizes(1, { width: 100 }) });
    times(18, () => submit("/v1/jobs", () => job("stall")));
    times(60, () => submit("/v1/jobs", () => job("drip")));
  },

  // Jobs of 17 AVIFs, and batches of 200.
  async avif() {
    const items = times(200, i => ({ source: `many/${String(i).padStart(7, "0")}.jpg` }));
    times(8, () => submit("/v1/jobs", () => ({ source: "one.jpg", actions: sizes(17, { width: 1900, format: "avif" }) })));
    submit("/v1/batches", () => ({ items, actions: sizes(1, { width: 1900, format: "avif" }) }));
  },

  // Animations of 17 frames sizes, and noise as 17 AVIFs: more than can be done within the deadline.
  async animations() {
    writeFileSync(`${images}/long.gif`, files.gif(700, 25));
    writeFileSync(`${images}/noise.png`, files.png(4000));
    times(4, () => submit("/v1/jobs", () => ({ source: "long.gif", actions: sizes(17, { width: 690, format: "webp", animated: true }) })));
    times(4, () => submit("/v1/jobs", () => ({ source: "noise.png", actions: sizes(17, { width: 3990, format: "avif" }) })));
  },

  // Files with millions of parts: uploaded, described twenty at once, measured and made into thumbnails.
  async parsing() {
    const kinds = [
      ["tiff", files.manyPages(20_000_000), "image/tiff"],
      ["jpeg", files.manySegments(48_000_000), "image/jpeg"],
      ["png", files.manyChunks(20_000_000), "image/png"],
      ["gif", files.manyFrames(20_000_000), "image/gif"],
    ];
    for (const [name, bytes, type] of kinds) {
      writeFileSync(`${images}/many.${name}`, bytes);
      const source = await upload(name, bytes, type);
      if (source) times(20, () => repeat(() => alice.ask("GET", `/v1/images/${source.slice("upload://".length)}`)));
      repeat(async () => {
        await sleep(1000);
        return alice.ask("POST", "/v1/images", bytes, type);
      });
      submit("/v1/jobs", () => ({ source: `many.${name}`, actions: [{ measure: {} }] }));
      submit("/v1/jobs", () => ({ source: `many.${name}`, actions: sizes(17, { width: 100 }) }));
    }
  },

  // A stranger at another address holds as many unfinished requests as there may be connections.
  async connections() {
    times(2000, async () => {
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

for (const row of chosen === "all" ? Object.keys(rows) : [chosen]) await rows[row]();
process.send("attacking");
process.on("message", () => {
  ended = true;
  process.send(answers);
});
