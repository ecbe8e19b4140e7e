// Checks the Kusto queries of docs/operations.md, of the alerts in infra/alerts.bicep and of the workbook, with Microsoft's parser.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { KustoCode } = globalThis.Kusto.Language;

const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
const queries = [...page.matchAll(/```kusto\n(.*?)```/gs)].map(([, query]) => query);

const bicep = readFileSync(new URL("../../infra/alerts.bicep", import.meta.url), "utf8");
const variables = Object.fromEntries([...bicep.matchAll(/^var (\w+) = '(.*)'$/gm)].map(([, name, value]) => [name, value]));
queries.push(...[...bicep.matchAll(/^ +query: '(.*)'$/gm)].map(([, query]) => query.replace(/\$\{(\w+)\}/g, (_, name) => variables[name])));

const workbook = JSON.parse(readFileSync(new URL("../../infra/workbook.json", import.meta.url), "utf8"));
queries.push(...workbook.items.map((item) => item.content.query).filter((query) => query !== undefined));

let failures = 0;
for (const query of queries) {
  const found = KustoCode.Parse(query).GetSyntaxDiagnostics();
  for (let i = 0; i < found.Count; i++) {
    const { Message, Start } = found.getItem(i);
    console.log(`${Message} At ${Start} of: ${query}`);
    failures++;
  }
}

if (queries.length < 15 || failures > 0) {
  console.log(`${queries.length} queries, ${failures} errors.`);
  process.exit(1);
}
console.log(`Microsoft's parser accepts the ${queries.length} Kusto queries.`);
