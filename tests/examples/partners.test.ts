/** examples/partners: what is wrong in its file is said with partner and line. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPartners } from "../../examples/partners/partners.js";

const example = join(__dirname, "../../examples/partners");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "partners-"));
  copyFileSync(join(example, "partners.schema.json"), join(folder, "partners.schema.json"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The lines of the error, without the file's name and without what the schema says of the field. */
function mistakesIn(...lines: string[]): string[] {
  writeFileSync(join(folder, "partners.yaml"), lines.join("\n"));
  try {
    readPartners(folder);
  } catch (error) {
    const [heading, ...mistakes] = (error as Error).message.split("\n");
    expect(heading).toBe("partners.yaml does not fit partners.schema.json.");
    return mistakes.map((line) => line.replace("  partners.yaml:", "").replace(/ \([A-Z].*\)$/, ""));
  }
  return [];
}

test("reads the partners of the example, whose first line names the schema for editors", () => {
  expect(Object.keys(readPartners(example))).toEqual(["acme", "globex"]);
  const [first] = readFileSync(join(example, "partners.yaml"), "utf8").split("\n");
  expect(first).toBe("# yaml-language-server: $schema=./partners.schema.json");
});

test("says of each mistake whose it is, where, and what is right", () => {
  expect(
    mistakesIn(
      "acme:", // 1
      "  name: Acme",
      "  permission: read-wirte",
      "  networks: []",
      "globex:", // 5
      "  name: Globex",
      "  permision: full",
      "  networks:",
      "    - 203.0.113.0/24",
      "    - the data centre", // 10
      "  keys:",
      "    transfer: AAAAC3Nza",
      "  expires: 30.6.2027",
      "  home: /",
    ),
  ).toEqual([
    "3: acme: permission must be equal to one of the allowed values: read-only, write-only, read-write, full",
    "4: acme: networks must NOT have fewer than 1 items",
    "5: globex: must have required property 'permission'",
    "7: globex: permision must NOT have additional properties",
    expect.stringMatching(/^10: globex: networks\.1 must match pattern/),
    expect.stringMatching(/^12: globex: keys\.transfer must match pattern/),
    expect.stringMatching(/^13: globex: expires must match pattern/),
    expect.stringMatching(/^14: globex: home must match pattern/),
  ]);
});

describe("a file that is not what YAML or the schema calls partners", () => {
  test.each([
    ["a partner twice", ["acme: {}", "acme: {}"], "2: Map keys must be unique"],
    ["a name that no login can have", ["Acme Ltd:", "  name: x"], /^1: Acme Ltd: must match pattern/],
    ["a list", ["- acme"], "1: must be object"],
    ["nothing", [""], "1: must be object"],
    ["a tab", ["acme:", "\tname: x"], /^2: Tabs are not allowed/],
  ])("%s", (_, lines, mistake) => {
    expect(mistakesIn(...lines)[0]).toMatch(mistake);
  });
});

test("shows no key, and nothing that may be a secret, in an error", () => {
  const key = "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAA";
  writeFileSync(join(folder, "partners.yaml"), `acme:\n  keys:\n    transfer: ${key}`);
  expect(() => readPartners(folder)).toThrow(/^(?![\s\S]*b3Blbn)[\s\S]*$/);
});
