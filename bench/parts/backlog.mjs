// Sends COUNT submissions at a steady RATE or, with 0, eight at a time as fast as they are answered. With "both", also sends the storage requests
// of a submission without the program, to a separate table and queue. Prints the median and p99 of each in milliseconds.
import { Agent, request } from "node:http";
import { accountSas } from "./azurite.mjs";

const [at, tables, queues, count, rate, both] = process.argv.slice(2);
let away = 0;
const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 2_000 }); // Azurite closes idle connections after five seconds

function ask(method, address, headers, body = "") {
  return new Promise((done, fail) => {
    const asked = request(address, { method, agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } }, answer => {
      answer.resume().on("end", () => done(answer.statusCode)).on("error", fail);
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

const sas = accountSas();
const headers = { accept: "application/json", "x-ms-version": "2020-02-10", dataserviceversion: "3.0" };
const message = `<QueueMessage><MessageText>${"a".repeat(160)}</MessageText></QueueMessage>`;

async function makePlaces() {
  await ask("POST", `${tables}/Tables?${sas}`, { ...headers, "content-type": "application/json" }, '{"TableName":"beside"}');
  await ask("PUT", `${queues}/beside?${sas}`, headers);
}

/** Writes two rows in one transaction, then one message. */
async function storeAlone() {
  const partition = crypto.randomUUID();
  const rows = ["batch", "slice-00000"].map(row => JSON.stringify({ PartitionKey: partition, RowKey: row, Json: "a".repeat(300) }));
  const parts = rows.map(row => `--changeset_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n`
    + `POST ${tables}/beside HTTP/1.1\r\nAccept: application/json\r\nContent-Type: application/json\r\nDataServiceVersion: 3.0\r\nPrefer: return-no-content\r\n\r\n${row}\r\n`);
  const body = `--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n${parts.join("")}--changeset_1--\r\n--batch_1--\r\n`;
  const stored = await ask("POST", `${tables}/$batch?${sas}`, { ...headers, "content-type": "multipart/mixed; boundary=batch_1" }, body);
  if (stored !== 202) return stored;
  return ask("POST", `${queues}/beside/messages?${sas}`, { ...headers, "content-type": "application/xml" }, message);
}

const submit = () => ask("POST", `${at}/imageapi?imagePath=one.png`, {});

async function measure(send, right) {
  const times = [], began = performance.now();
  const one = async () => {
    const started = performance.now();
    let status = await send();
    while (status === 503) {
      away++; // Azurite paused for longer than the request timeout, so retry as a caller would
      status = await send();
    }
    if (status !== right) throw new Error(`answered ${status}`);
    times.push(performance.now() - started);
  };
  if (Number(rate)) {
    // Starts on schedule, whether earlier ones were answered or not.
    await Promise.all(Array.from({ length: count }, async (_, i) => {
      await new Promise(done => setTimeout(done, (i * 1000) / rate - (performance.now() - began)));
      await one();
    }));
  } else {
    let left = count;
    await Promise.all(Array.from({ length: 8 }, async () => { while (left-- > 0) await one(); }));
  }
  times.sort((a, b) => a - b);
  return [0.5, 0.99].map(part => times[Math.floor((count - 1) * part)].toFixed(1)).join(" ");
}

console.log(await measure(submit, 200));
if (both) {
  await makePlaces();
  console.log(await measure(storeAlone, 201));
}
if (away > 0) console.error(`${away} were answered 503 first`);
