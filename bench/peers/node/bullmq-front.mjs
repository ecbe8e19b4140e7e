// BullMQ behind the original HTTP endpoints that the benchmark uses: submit a folder or an image, read results.
import { readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { Queue } from "bullmq";

const { IMAGES, REDIS, PORT } = process.env;
const queue = new Queue("thumbnails", { connection: { port: +REDIS } });
const batches = new Map();

const counts = () => queue.getJobCounts("completed", "failed");
const job = (source) => ({ name: "thumbnail", data: { source, size: 100 } });

async function submit(path) {
  if (!statSync(`${IMAGES}/${path}`).isDirectory()) {
    const { name, data } = job(path);
    return { jobId: (await queue.add(name, data)).id };
  }
  const batchId = String(batches.size + 1);
  batches.set(batchId, await counts());
  await queue.addBulk(readdirSync(`${IMAGES}/${path}`).map((name) => job(`${path}/${name}`)));
  return { batchId };
}

async function progress(batchId) {
  const [before, after] = [batches.get(batchId), await counts()];
  return { counts: { succeeded: after.completed - before.completed, failed: after.failed - before.failed } };
}

async function result(jobId) {
  const found = await queue.getJob(jobId);
  return found?.finishedOn ? (found.returnvalue ?? { error: found.failedReason }) : undefined;
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const answer = request.method === "POST" ? await submit(url.searchParams.get("imagePath"))
    : url.pathname === "/result" ? await result(url.searchParams.get("jobId"))
    : await progress(url.pathname.split("/").pop());
  response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
}).listen(+PORT, "127.0.0.1", () => console.log("ready"));
