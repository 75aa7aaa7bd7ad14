import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clientDefaults } from "../provider/api/settings";
import { allArgumentRules } from "../provider/audit/argumentRules";
import { rules } from "../provider/audit/audit";
import { severityOfWarnings } from "../provider/audit/preview";
import { settingNames } from "../provider/config/settingNames";
import { kinds } from "../provider/engine/kinds";
import { stub } from "../provider/engine/stub";
import { fieldsOf } from "../provider/fields";
import { argumentKeys } from "../provider/lifecycle/fields";

const readme = readFileSync("README.md", "utf8");
const manifest = JSON.parse(readFileSync("package.json", "utf8"));

/** The cells of the rows of the first table below a heading. */
function tableBelow(heading: string): string[][] {
  const section = readme.slice(readme.indexOf(`${heading}\n`));
  const rows = section.split("\n").slice(1);
  const first = rows.findIndex((line) => line.startsWith("| ---"));
  const table = rows.slice(first + 1);
  return table
    .slice(
      0,
      table.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("the README", () => {
  test("lists the audit's rules, and where each of them is asked", () => {
    const inPolicies = new Set(allArgumentRules.map(({ id }) => id));
    const places = ({ id, severity }: { id: string; severity: string }) =>
      inPolicies.has(id) ? (severity === severityOfWarnings ? "both" : "policies") : "";
    const rows = rules.map((rule) => [`\`${rule.id}\``, rule.severity, rule.what, places(rule)]);
    expect(tableBelow("<!-- rules -->")).toEqual(rows);
  });

  test.each(kinds)(
    "says of each argument of %s whether it updates or replaces, and whether it is secret",
    (kind) => {
      const said = tableBelow(`### ${kind}`).map(([name, change, secret]) => [name, change, secret]);
      const fields = fieldsOf[kind];
      const true_ = argumentKeys(fields).map((name) => [
        `\`${name}\``,
        fields[name]?.replaces ? "replaces" : "updates",
        fields[name]?.secret ? "yes" : "",
      ]);
      expect(said).toEqual(true_);
    },
  );

  test("names every setting with its default", () => {
    const said = tableBelow("## Configuration").map(([name, , fallback]) => [name, fallback]);
    const fallbacks: Record<string, unknown> = {
      ...clientDefaults,
      preflight: true,
      warnBeforeDays: 14,
    };
    expect(said).toEqual(
      settingNames.map((name) => [
        `\`sftptogo:${name}\``,
        fallbacks[name] === undefined ? "" : `\`${fallbacks[name]}\``,
      ]),
    );
  });

  test("shows the stub as it is in every state", () => {
    expect(readme).toContain(stub("Credential"));
  });

  test("names every runtime dependency with its reason", () => {
    const said = tableBelow("## Dependencies").flatMap(([names]) =>
      (names ?? "").replaceAll("`", "").split(", "),
    );
    expect(said.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test("S6 warns of what prints the key and is not this package's to silence", () => {
    for (const name of ["`NODE_DEBUG=net`", "`DEBUG=*`", "`PULUMI_DEBUG_GRPC`", "`-v=9 --logflow`"]) {
      expect(readme).toContain(name);
    }
  });

  test("names only commands that exist", () => {
    const shown = readme.replace(/<!--.*?-->/gs, "");
    const named = [...shown.matchAll(/npm (?:run (?:-s )?([\w:]+)|(test))\b/g)].map(
      ([, script, test]) => script ?? test,
    );
    expect(named).toEqual(expect.arrayContaining(["test", "demo", "bench", "faults", "mutants", "dialects"]));
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
  });
});
