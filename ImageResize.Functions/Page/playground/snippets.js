// The same request for other tools and languages. It has the name of a variable for the key if the page has one, and never the key.

/**
 * @typedef {import("../client/client.js").Thumbnail} Options
 * @typedef {{ base: string, file: string | null, source: string | null, options: Options, output: string, hasKey: boolean }} Request
 */

/** @type {[string, (request: Request) => string][]} */
export const snippets = [
  ["curl", curl],
  [".http", http],
  ["C#", csharp],
  ["TypeScript", typescript],
  ["Job (JSON)", json],
  ["Address", address],
];

/** @param {Options} options */
const queryOf = (options) =>
  Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`).join("&");

/** @param {Request} request */
const addressOf = ({ source, options }) => `/v1/thumbnails${source !== null || Object.keys(options).length === 0 ? "" : `?${queryOf(options)}`}`;

/** @param {Request} request */
const bodyOf = ({ source, options }) => JSON.stringify({ source, ...options });

/** @param {string} text */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param {Request} request */
function curl(request) {
  const body = request.source === null
    ? `--data-binary ${shell(`@${request.file}`)}`
    : `-H 'Content-Type: application/json' -d ${shell(bodyOf(request))}`;
  const key = request.hasKey ? `-H "x-functions-key: $IMAGERESIZE_KEY" ` : "";
  return `curl -f ${key}${body} \\\n  -o ${shell(request.output)} ${shell(request.base + addressOf(request))}`;
}

/** @param {Request} request */
function http(request) {
  const head = `POST ${request.base}${addressOf(request)}\n${request.hasKey ? "x-functions-key: {{key}}\n" : ""}`;
  return request.source === null
    ? `${head}Content-Type: application/octet-stream\n\n< ./${request.file}`
    : `${head}Content-Type: application/json\n\n${JSON.stringify(JSON.parse(bodyOf(request)), null, 2)}`;
}

/** @param {Request} request */
function csharp(request) {
  const body = request.source === null
    ? `new StreamContent(File.OpenRead(${JSON.stringify(request.file)}))`
    : `new StringContent("""${bodyOf(request)}""", System.Text.Encoding.UTF8, "application/json")`;
  const key = request.hasKey
    ? `client.DefaultRequestHeaders.Add("x-functions-key", Environment.GetEnvironmentVariable("IMAGERESIZE_KEY"));\n` : "";
  return `using var client = new HttpClient { BaseAddress = new Uri(${JSON.stringify(request.base)}) };
${key}
using var response = await client.PostAsync(
    ${JSON.stringify(addressOf(request))},
    ${body});
response.EnsureSuccessStatusCode();
await File.WriteAllBytesAsync(${JSON.stringify(request.output)}, await response.Content.ReadAsByteArrayAsync());`;
}

/** @param {Request} request */
function typescript(request) {
  const [type, body] = request.source === null
    ? [[], `await readFile(${JSON.stringify(request.file)})`]
    : [[`"Content-Type": "application/json"`], `JSON.stringify(${JSON.stringify({ source: request.source, ...request.options })})`];
  const headers = [...(request.hasKey ? [`"x-functions-key": process.env.IMAGERESIZE_KEY ?? ""`] : []), ...type];
  return `import { readFile, writeFile } from "node:fs/promises";

const response = await fetch(${JSON.stringify(request.base + addressOf(request))}, {
  method: "POST",
${headers.length > 0 ? `  headers: { ${headers.join(", ")} },\n` : ""}  body: ${body},
});
if (!response.ok) {
  throw new Error(await response.text());
}
await writeFile(${JSON.stringify(request.output)}, new Uint8Array(await response.arrayBuffer()));`;
}

/** The address of a thumbnail is signed where the key is kept, never in a page. @param {Request} request */
function address(request) {
  const source = request.source ?? request.file ?? "";
  const note = request.source === null ? "\n# The image must be one that the service can read, such as a file in its images folder." : "";
  const options = Object.entries(request.options).map(([name, value]) => `--${switches[name] ?? name}${valueOf(value)}`);

  return `# Makes an address that browsers open without a key. Sign it on a server or in a build:
# IMAGERESIZE_SIGNING_KEY is one of the service's ImageResize__Addresses__Keys.${note}
imageresize sign ${shell(source)} ${options.join(" ")} \\\n  --address ${shell(request.base)}`;
}

/** Options of the command line that have another name. @type {Record<string, string>} */
const switches = { metadata: "keep" };

/** @param {unknown} value */
const valueOf = (value) => (value === true ? "" : ` ${[value].flat().map((each) => (/^\w+$/.test(`${each}`) ? each : shell(`${each}`))).join(" ")}`);

/** For a job, whose thumbnail is stored. @param {Request} request */
function json(request) {
  const { format, ...others } = request.options;
  const thumbnail = format === undefined || format === "auto" ? others : { ...others, format };
  return JSON.stringify({ source: request.source ?? "upload://…", actions: [{ thumbnail }] }, null, 2);
}
