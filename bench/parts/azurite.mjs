// Signed addresses for Azurite that are valid for some hours, so that measured requests need no signing.
import { createHmac } from "node:crypto";

const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="; // Azurite's published key

export function accountSas() {
  const until = new Date(Date.now() + 4 * 3_600_000).toISOString().replace(/\.\d+/, "");
  const terms = { sp: "rwauc", ss: "bqt", srt: "sco", se: until, sv: "2020-02-10" };
  const text = [account, terms.sp, terms.ss, terms.srt, "", terms.se, "", "", terms.sv, ""].join("\n");
  return new URLSearchParams({ ...terms, sig: createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64") });
}
