// Runs in a worker: a browser may ask the disk for the size and time of each file, and files are read for their hashes.

addEventListener("message", async ({ data: { what, files }, ports: [port] }) => {
  const facts = [];
  for (const file of files) {
    facts.push(what === "hashes" ? await hashOf(file) : { size: file.size, modified: file.lastModified });
  }
  port.postMessage(facts);
});
postMessage("ready");

/** @param {File} file */
async function hashOf(file) {
  try {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return new Uint32Array(hash).join(" ");
  } catch {
    return null; // The file was moved or can't be read. Its upload will report that.
  }
}
