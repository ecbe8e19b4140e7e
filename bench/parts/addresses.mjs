// Asks for one address on several connections, with as little of its own work as possible.
//
//   addresses.mjs sign KEY OPTIONS-AS-JSON SOURCE            # prints the path
//   addresses.mjs put BLOB-ENDPOINT CONTAINER NAME FILE      # writes a blob that a bare client can read, and prints its signed address
//   addresses.mjs load URL CONNECTIONS SECONDS               # prints requests per second, p50 and p99 in ms
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { signAddress } from "../../clients/typescript/address.js";
import { accountSas } from "./azurite.mjs";

const [what, ...given] = process.argv.slice(2);

async function sign(key, thumbnail, source) {
  console.log(await signAddress({ key, source, thumbnail: JSON.parse(thumbnail) }));
}

async function put(endpoint, container, name, file) {
  const sas = accountSas();
  await fetch(`${endpoint}/${container}?restype=container&${sas}`, { method: "PUT" });
  const address = `${endpoint}/${container}/${name}?${sas}`;
  const headers = { "x-ms-blob-type": "BlockBlob" };
  const { status } = await fetch(address, { method: "PUT", headers, body: readFileSync(file) });
  if (status !== 201) throw new Error(`${status}`);
  console.log(address);
}

/** Sends the next request when the response to the last has arrived. Responses have a Content-Length. */
const ask = ({ hostname, port, pathname, search }, times, until) =>
  new Promise((resolve, reject) => {
    const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nx-ms-version: 2020-02-10\r\n\r\n`;
    let head = "", missing = -1, started = 0;
    const socket = connect(port, hostname).setNoDelay().on("error", reject).on("close", resolve);
    const send = () => {
      [head, missing, started] = ["", -1, performance.now()];
      socket.write(request);
    };
    socket.on("connect", send).on("data", (data) => {
      let length = data.length;
      if (missing < 0) {
        head += data.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 200")) return reject(new Error(head));
        missing = Number(/\r\ncontent-length: (\d+)/i.exec(head)[1]);
        length = head.length - end - 4;
      }
      missing -= length;
      if (missing > 0) return;
      times.push(performance.now() - started);
      if (performance.now() < until) send();
      else socket.end();
    });
  });

async function load(url, connections, seconds) {
  const times = [];
  const started = performance.now();
  await Promise.all(Array.from({ length: +connections }, () => ask(new URL(url), times, started + seconds * 1000)));
  const elapsed = performance.now() - started;
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(part * times.length)].toFixed(2);
  console.log(Math.round((times.length * 1000) / elapsed), at(0.5), at(0.99));
}

await { sign, put, load }[what](...given);
