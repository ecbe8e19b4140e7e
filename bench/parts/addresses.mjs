// Prepares what bench/addresses asks for.
//
//   addresses.mjs sign KEY OPTIONS-AS-JSON SOURCE            # prints the path
//   addresses.mjs put BLOB-ENDPOINT CONTAINER NAME FILE      # writes a blob that a bare client can read, and prints its signed address
import { readFileSync } from "node:fs";
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

await { sign, put }[what](...given);
