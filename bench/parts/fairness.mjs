// Bob reads a status and a thumbnail and has small jobs and a batch of 300 done, first alone, then while Alice attacks from another process.
import { fork } from "node:child_process";
import { setPriority } from "node:os";
import { Caller, sleep } from "./caller.mjs";

const [at, row, seconds, images, webPort] = process.argv.slice(2);
const bob = new Caller(at, "the-key-of-bob-who-is-calm", 2);
const median = values => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const random = () => 1 + Math.floor(Math.random() * 4000);

async function makeBatch() {
  const items = Array.from({ length: 300 }, (_, i) => ({ source: `many/${String(i).padStart(7, "0")}.jpg` }));
  const id = await bob.submit("/v1/batches", { items, actions: [{ thumbnail: { width: 100, height: random() } }] });
  for (;;) {
    const { counts } = JSON.parse((await bob.ask("GET", `/v1/batches/${id}`)).body);
    if (counts.succeeded === 300) return;
    if (counts.failed > 0) throw new Error(`${counts.failed} jobs of the batch failed.`);
    await sleep(20);
  }
}

async function measure(duration) {
  const times = { status: [], thumbnail: [], job: [], batch: [] }, failures = {};
  const timed = async (kind, action) => {
    const started = performance.now();
    try {
      const answer = await action();
      if (answer?.status && answer.status !== 200) failures[answer.status] = (failures[answer.status] ?? 0) + 1;
    } catch (error) { failures[error.code ?? error.message] = (failures[error.code ?? error.message] ?? 0) + 1; }
    times[kind].push(performance.now() - started);
  };
  for (const until = Date.now() + duration; Date.now() < until;) {
    await timed("status", () => bob.ask("GET", `/v1/jobs/${made}`));
    await timed("thumbnail", () => bob.ask("GET", `/v1/jobs/${made}/thumbnails/0`));
    await timed("job", () => bob.make("one.jpg", { width: 100, height: random() }));
  }
  await timed("batch", makeBatch);
  return { times, failures };
}

const made = await bob.make("one.jpg", { width: 100 });
for (let i = 0; i < 20; i++) await bob.make("one.jpg", { width: 100, height: random() });
await makeBatch();
const idle = await measure(5000);

// The attacker is another machine in reality, so it gets only processor time that nobody else needs.
const alice = fork(new URL("attacks.mjs", import.meta.url), [at, row, images, webPort ?? ""]);
setPriority(alice.pid, 19);
await new Promise(done => alice.once("message", done));
await sleep(500);
const attacked = await measure(seconds * 1000);
alice.send("end");
const answers = await new Promise(done => alice.once("message", done));
alice.kill();

for (const kind of Object.keys(idle.times)) {
  const [before, during] = [idle.times[kind], attacked.times[kind]];
  console.log(`${row}: ${kind} median ${median(before).toFixed(1)} ms idle, ${median(during).toFixed(1)} ms under attack ` +
    `(${(median(during) / median(before)).toFixed(1)} times), longest ${Math.max(...during).toFixed(0)} ms`);
}
console.log(`${row}: the calm caller's failures ${JSON.stringify(attacked.failures)}; the attacker was answered ${JSON.stringify(answers)}`);
process.exit(0);
