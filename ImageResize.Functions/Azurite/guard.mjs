// Runs Azurite, and ends it when standard input closes: that is what happens, on every system, when the program that
// holds the other end closes it, ends or is killed. Azurite runs in this very process, so it cannot outlive its guard.
// Arguments are Azurite's own, for instance: node guard.mjs --location FOLDER --blobPort 0 --queuePort 0 --tablePort 0

import { Server } from "node:http";

const SAVE_WITHIN_MS = 20_000; // what is not saved is lost, and the machine may be busy
const FINISH_WITHIN_MS = 200;

// Azurite waits for its servers to close before it saves, and those for connections that were opened and never used.
const close = Server.prototype.close;
Server.prototype.close = function (...given) {
  setTimeout(() => this.closeAllConnections(), FINISH_WITHIN_MS);
  return close.apply(this, given);
};

process.argv.push("--disableTelemetry", "--skipApiVersionCheck");

// Ctrl+C, and a terminal that closes, reach everyone in the terminal. Storage must go last: whoever uses it decides when.
for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT", "SIGBREAK"]) {
  process.on(signal, () => {});
}
process.on("newListener", (event, azuritesOwn) => {
  if (event === "SIGINT") {
    setImmediate(() => process.removeListener(event, azuritesOwn));
  }
});

// A killed parent takes the other end of these with it; without a listener the farewell lines would be an unhandled error.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

// SIGTERM is how Azurite is told to save and leave; emitted here rather than sent, for Windows has no such signal.
function leave() {
  setTimeout(() => process.exit(1), SAVE_WITHIN_MS).unref();
  process.emit("SIGTERM");
}
process.stdin.once("end", leave).once("error", leave).resume();
process.stdin.unref?.(); // told to leave by a real SIGTERM, it does not wait for its input to close

await import("azurite/dist/src/azurite.js");
