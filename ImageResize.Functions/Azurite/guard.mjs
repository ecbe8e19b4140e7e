// Runs Azurite in this process and ends it when standard input closes. On every system, this happens when the parent
// process closes the pipe, ends or is killed. The arguments are Azurite's, for example:
// node guard.mjs --location FOLDER --blobPort 0 --queuePort 0 --tablePort 0

import { Server } from "node:http";

const SAVE_WITHIN_MS = 20_000; // long, because unsaved data is lost and the machine may be busy
const FINISH_WITHIN_MS = 200;

// Azurite saves after its servers have closed, and those wait for connections that were opened and never used.
const close = Server.prototype.close;
Server.prototype.close = function (...given) {
  setTimeout(() => this.closeAllConnections(), FINISH_WITHIN_MS);
  return close.apply(this, given);
};

process.argv.push("--disableTelemetry", "--skipApiVersionCheck");

// All processes of a terminal receive Ctrl+C and the terminal's end. Storage must end last, so the parent decides when.
for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT", "SIGBREAK"]) {
  process.on(signal, () => {});
}
const { once } = process;
process.once = (event, listener) => event === "SIGINT" ? process : once.call(process, event, listener); // as Azurite listens

// If the parent was killed, writing to these fails. Without a listener, that would be an unhandled error.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

// Azurite saves and ends on SIGTERM. The signal is emitted instead of sent, because Windows has none.
function end() {
  setTimeout(() => process.exit(1), SAVE_WITHIN_MS).unref();
  process.emit("SIGTERM");
}
process.stdin.once("end", end).once("error", end).resume();
process.stdin.unref?.(); // after a real SIGTERM, the process does not wait for its input to close

await import("azurite/dist/src/azurite.js");
