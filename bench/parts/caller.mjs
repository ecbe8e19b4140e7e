// A caller of the program, by its key.
import { Agent, request } from "node:http";

export const sleep = time => new Promise(done => setTimeout(done, time));

export class Caller {
  constructor(at, key, connections) {
    this.at = at;
    this.key = key;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  // A request that takes a minute and a half fails.
  ask(method, path, body, type = "application/json") {
    return new Promise((done, fail) => {
      const headers = { "x-functions-key": this.key, ...(body && { "content-type": type, "content-length": body.length }) };
      const asked = request(this.at + path, { method, agent: this.agent, headers, signal: AbortSignal.timeout(90_000) }, answer => {
        const parts = [];
        answer.on("data", part => parts.push(part)).on("end", () => done({ status: answer.statusCode, body: Buffer.concat(parts) })).on("error", fail);
      });
      asked.on("error", fail);
      // A server that refuses a body closes the connection, also after its response.
      asked.on("socket", socket => socket.listenerCount("error") < 3 && socket.on("error", () => {}));
      asked.end(body);
    });
  }

  async submit(path, request) {
    const { status, body } = await this.ask("POST", path, Buffer.from(JSON.stringify(request)));
    if (status !== 202) throw new Error(`Submitted: ${status} ${body}`);
    return JSON.parse(body).id;
  }

  // Waits for the end of a job, and throws if it did not succeed.
  async make(source, ...thumbnails) {
    const id = await this.submit("/v1/jobs", { source, actions: thumbnails.map(thumbnail => ({ thumbnail })) });
    for (;;) {
      const { state } = JSON.parse((await this.ask("GET", `/v1/jobs/${id}?wait=60`)).body);
      if (state === "succeeded") return id;
      if (state !== "queued") throw new Error(`The job is ${state}.`);
    }
  }
}
