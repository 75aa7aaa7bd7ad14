/** What a policy pack's process loads with the rules: the built package, in a process of its own. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(__dirname, "../..");

/** The files that a program has loaded at its end, by their paths in the package. */
function loadedBy(program: string): string[] {
  const list = `${program}; console.log(JSON.stringify(Object.keys(require.cache)))`;
  const printed = execFileSync(process.execPath, ["-e", list], { cwd: root, encoding: "utf8" });
  return (JSON.parse(printed) as string[]).map((path) => relative(root, path));
}

test("loads the rules, what they are made of, and no package", () => {
  const loaded = loadedBy('require("./dist/policies/index.js")');
  expect(loaded.filter((path) => path.startsWith("node_modules"))).toEqual([]);
  // Neither the client nor the lifecycle, the session or a kind's provider.
  expect(loaded.sort()).toEqual(
    [
      "api/assumptions",
      "api/settings",
      "lifecycle/fields/formats",
      "policies/index",

      "protocol/hidden",
      "protocol/kinds",
      "protocol/unknowns",
      "resources/credential/inboundRules",
      "resources/shared/sshKeys",
      "rules/argumentRules",
      "rules/compromisedKeys",
      "rules/openToTheWorld",
      "rules/rule",
      "values/nearest",
      "values/plain",
      "values/times",
      "values/unknown",
    ].map((path) => `dist/${path}.js`),
  );
});

test("the example is a pack of ten lines", () => {
  const lines = readFileSync(join(root, "examples/policy/index.ts"), "utf8").trim().split("\n");
  expect(lines.filter((line) => !line.startsWith("//")).length).toBeLessThanOrEqual(10);
});
