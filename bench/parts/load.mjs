// Sends one request again and again on several connections, with as little of its own work as possible.
//
//   load.mjs URL CONNECTIONS SECONDS [FILE]     # GET, or POST of an image; prints requests per second, p50 and p99 in ms
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const [url, connections, seconds, file] = process.argv.slice(2);

/** Sends the next request when the response to the last has arrived. Responses have a Content-Length. */
const repeat = ({ hostname, port, pathname, search }, body, times, until) =>
  new Promise((resolve, reject) => {
    const headers = [`Host: ${hostname}:${port}`, "x-ms-version: 2020-02-10"];
    if (body) headers.push("Content-Type: image/jpeg", `Content-Length: ${body.length}`);
    const head = `${body ? "POST" : "GET"} ${pathname}${search} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`;
    const request = Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]);
    let response = "", missing = -1, started = 0;
    const socket = connect(port, hostname).setNoDelay().on("error", reject).on("close", resolve);
    const send = () => {
      [response, missing, started] = ["", -1, performance.now()];
      socket.write(request);
    };
    socket.on("connect", send).on("data", (data) => {
      let length = data.length;
      if (missing < 0) {
        response += data.toString("latin1");
        const end = response.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!response.startsWith("HTTP/1.1 200")) return reject(new Error(response));
        missing = Number(/\r\ncontent-length: (\d+)/i.exec(response)[1]);
        length = response.length - end - 4;
      }
      missing -= length;
      if (missing > 0) return;
      times.push(performance.now() - started);
      if (performance.now() < until) send();
      else socket.end();
    });
  });

const times = [];
const started = performance.now();
const body = file && readFileSync(file);
await Promise.all(Array.from({ length: +connections }, () => repeat(new URL(url), body, times, started + seconds * 1000)));
const elapsed = performance.now() - started;
times.sort((a, b) => a - b);
const at = (part) => times[Math.floor(part * times.length)].toFixed(2);
console.log(Math.round((times.length * 1000) / elapsed), at(0.5), at(0.99), times.length);
