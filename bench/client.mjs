// The client in all comparisons. It calls all systems in the same way, and its CPU isn't counted.
//
//   client.mjs batch AT FOLDER COUNT THUMBNAILS     # prints ms from POST to the response, and to the last result
//   client.mjs work AT COUNT < BODY                 # prints ms to the last result of a /v1 batch
//   client.mjs upload AT FOLDER COUNT               # uploads images and prints the body for "work"
//   client.mjs rates AT IMAGE SECONDS               # prints submissions and results per second, and the median of single requests in ms
import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const CONNECTIONS = 16;
const UPLOADS = 4;
const PATIENCE_MS = 30_000;
const PATIENCE_MS_AN_IMAGE = 100;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const [what, at, ...given] = process.argv.slice(2);

const ask = (method, path, sent, type) =>
  new Promise((resolve, reject) => {
    request(at + path, { method, agent, headers: type ? { "content-type": type, "content-length": sent.length } : {} }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part) => (body += part)).on("end", () => resolve({ status: response.statusCode, body }));
    }).on("error", reject).end(sent);
  });

async function submit(path) {
  const { status, body } = await ask("POST", `/imageapi?imagePath=${path}`);
  if (status !== 200 && status !== 202) throw new Error(`${status} ${body}`);
  const { batchId, jobId } = JSON.parse(body);
  return batchId ?? jobId;
}

const isReady = async (job) => (await ask("GET", `/result?jobId=${job}`)).status === 200;

async function until(condition, everyMs, patienceMs = PATIENCE_MS) {
  for (const started = performance.now(); !(await condition()); await sleep(everyMs)) {
    if (performance.now() - started > patienceMs) throw new Error(`Not within ${patienceMs} ms: ${condition}`);
  }
}

const listed = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // doesn't exist yet
  }
};

// Looking for files costs the service nothing. Once they exist, the service itself must report all results.
async function batch(folder, count, thumbnails) {
  const started = performance.now();
  const id = await submit(folder);
  const answered = performance.now();
  await until(() => listed(thumbnails).length >= count, Math.max(10, count / 100), PATIENCE_MS + count * PATIENCE_MS_AN_IMAGE);
  await untilDone(id, count, 10);
  console.log(Math.round(answered - started), Math.round(performance.now() - started));
}

const untilDone = (id, count, everyMs) =>
  until(async () => {
    const { succeeded, failed } = JSON.parse((await ask("GET", `/v1/batches/${id}`)).body).counts;
    if (failed > 0) throw new Error(`${failed} jobs failed`);
    return succeeded >= count;
  }, everyMs, PATIENCE_MS + count * PATIENCE_MS_AN_IMAGE);

async function work(count) {
  const started = performance.now();
  const { status, body } = await ask("POST", "/v1/batches", readFileSync(0), "application/json");
  if (status !== 202) throw new Error(`${status} ${body}`);
  await untilDone(JSON.parse(body).id, +count, 200); // each poll costs the service a millisecond
  console.log(Math.round(performance.now() - started));
}

async function upload(folder, count) {
  const names = listed(folder).sort().slice(0, count).values();
  const items = [];
  const sender = async () => {
    for (const name of names) {
      const { status, body } = await ask("POST", "/v1/images", readFileSync(`${folder}/${name}`), "image/jpeg");
      if (status !== 201) throw new Error(`${status} ${body}`);
      items.push({ source: JSON.parse(body).source });
    }
  };
  await Promise.all(Array.from({ length: UPLOADS }, sender));
  console.log(JSON.stringify({ items, actions: [{ thumbnail: { width: 100, height: 100 } }] }));
}

async function times(seconds, call) {
  const started = performance.now();
  let calls = 0;
  const caller = async () => {
    for (; performance.now() - started < seconds * 1000; calls++) await call();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  return (calls * 1000) / (performance.now() - started);
}

async function rates(image, seconds) {
  const alone = [];
  for (let i = 0; i < 21; i++) {
    const started = performance.now();
    const job = await submit(image);
    await until(() => isReady(job), 2);
    alone.push(performance.now() - started);
  }

  const jobs = [];
  const submissions = await times(seconds, async () => jobs.push(await submit(image)));
  for (const job of jobs) await until(() => isReady(job), 50);
  let next = 0;
  const results = await times(seconds, () => isReady(jobs[next++ % jobs.length]));
  console.log(Math.round(submissions), Math.round(results), alone.sort((a, b) => a - b)[10].toFixed(0));
}

await { batch, work, upload, rates }[what](...given);
agent.destroy();
