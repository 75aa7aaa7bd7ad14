/** What the pages say against what is there: tables, links, commands, indexes. Their code is compiled elsewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { rules } from "../../provider/commands/audit/audit.ts";
import { settingNames } from "../../provider/config/settingNames.ts";
import { settingDefaults } from "../../provider/config/settings.ts";
import { argumentKeys, keysOf } from "../../provider/lifecycle/fields/vocabulary.ts";
import { hiddenInputs } from "../../provider/protocol/hidden.ts";
import { kinds } from "../../provider/protocol/kinds.ts";
import { stub } from "../../provider/protocol/stub.ts";
import { fieldsOf } from "../../provider/resources/fields.ts";
import { allArgumentRules } from "../../provider/rules/argumentRules.ts";
import { severityOfWarnings } from "../../provider/rules/preview.ts";
import { dialectDescriptions, dialectNames } from "../harness/dialects/catalog/index.js";
import { commandsOf, flagsIn, helpOf } from "./commands.ts";
import { forMachines, forPeople } from "./contents.ts";
import { siteLink } from "./links.ts";
import { guide, guides, otherPages, pageOf, pages, root, tableAfter } from "./pages.ts";

const readme = pageOf("README.md");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The folder of a kind in `provider/`. */
function folderOf(kind: string): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}

/** What an interface says of each of its properties. */
function commentsOf(file: string, name: string): [property: string, comment: string][] {
  const text = readFileSync(join(root, "provider", file), "utf8");
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = statements.filter(ts.isInterfaceDeclaration).find((each) => each.name.text === name);
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return found.members.map((member) => [
    member.name?.getText() ?? "",
    ts
      .getJSDocCommentsAndTags(member)
      .map((each) => each.getText())
      .join(" "),
  ]);
}

describe("the README", () => {
  test("fits in less than 200 lines", () => {
    expect(readme.text.split("\n").length).toBeLessThan(200);
  });

  test("has every kind in its table of resources", () => {
    const named = tableAfter(readme, "## What there is").map(([name = ""]) => /`(\w+)`/.exec(name)?.[1]);
    expect(named).toEqual(expect.arrayContaining([...kinds]));
  });

  test("names the two commands", () => {
    const [block] = readme.blocks.filter(({ language }) => language === "sh");
    expect(block?.text).toMatch(/^npm ci && npm run demo .*\nnpm ci && npm test /);
  });
});

describe("the guides", () => {
  test("list the audit's rules, and where each of them is asked", () => {
    const inPolicies = new Set(allArgumentRules.map(({ id }) => id));
    const places = ({ id, severity }: { id: string; severity: string }) =>
      inPolicies.has(id) ? (severity === severityOfWarnings ? "both" : "policies") : "";
    const rows = rules.map((rule) => [`\`${rule.id}\``, rule.severity, rule.what, places(rule)]);
    expect(tableAfter(guide("policies-and-audit"), "<!-- rules -->")).toEqual(rows);
  });

  test("have a report with every dialect, as it describes itself", () => {
    const [none, ...rows] = tableAfter(pageOf("docs/reports/dialects.md"), "<!-- dialects table -->");
    expect(none?.[0]).toBe("(none)");
    expect(rows.map(([name, what]) => [name, what])).toEqual(
      dialectNames.map((name) => [`\`${name}\``, dialectDescriptions[name]]),
    );
  });

  test.each(kinds)(
    "say of each argument of %s whether it updates or replaces, and whether it is secret",
    (kind) => {
      const said = tableAfter(guide("resources"), `## ${kind}`).map(([name, , change, secret]) => [
        name,
        change,
        secret,
      ]);
      const fields = fieldsOf[kind];
      const true_ = argumentKeys(fields).map((name) => [
        `\`${name}\``,
        fields[name]?.replaces ? "replaces" : "updates",
        fields[name]?.secret ? "yes" : "",
      ]);
      expect(said).toEqual(true_);
    },
  );

  test.each(kinds)("name the outputs of %s beyond its arguments", (kind) => {
    const [, section = ""] = guide("resources").text.split(`\n## ${kind}\n`);
    const [, sentence = ""] = /\nOutputs: ([\s\S]*?)\.\s/.exec(section) ?? [];
    const said = [...sentence.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    const fields = fieldsOf[kind];
    const own = keysOf(fields).filter((name) => !(argumentKeys(fields) as readonly string[]).includes(name));
    // A password is one of the arguments, too, and an address is made of other outputs.
    expect(said.filter((name) => !["password", "uri"].includes(name)).sort()).toEqual(
      own.filter((name) => name !== "password").sort(),
    );
  });

  test("say of each argument of RotatingCredential that it updates", () => {
    for (const [name, comment] of commentsOf(
      "resources/rotatingCredential/resource.ts",
      "RotatingCredentialArgs",
    ))
      expect(comment, name).toMatch(/updates/i);
  });

  test.each(kinds)("are as the arguments of %s say of themselves", (kind) => {
    const fields = fieldsOf[kind];
    for (const [name, comment] of commentsOf(`resources/${folderOf(kind)}/resource.ts`, `${kind}Args`)) {
      expect(comment, name).toMatch(fields[name]?.replaces ? /replaces/i : /updates/i);
      expect(/\bSecret[.,]/.test(comment), name).toBe(fields[name]?.secret === true);
    }
  });

  test("name every setting with its default", () => {
    const said = tableAfter(guide("configuration"), "# Configuration").map(([name, , fallback]) => [
      name,
      fallback,
    ]);
    const fallbacks: Record<string, unknown> = settingDefaults;
    expect(said).toEqual(
      settingNames.map((name) => [
        `\`sftptogo:${name}\``,
        fallbacks[name] === undefined ? "" : `\`${fallbacks[name]}\``,
      ]),
    );
  });

  test("show the stub as it is in every state", () => {
    expect(guide("how-it-works").text).toContain(stub("Credential"));
  });

  test("name every runtime dependency with its reason", () => {
    const said = tableAfter(guide("dependencies"), "# Dependencies").flatMap(([names]) =>
      (names ?? "").replaceAll("`", "").split(", "),
    );
    expect(said.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test("S6 warn of what prints the key and is not this package's to unwritable", () => {
    for (const name of ["`NODE_DEBUG=net`", "`DEBUG=*`", "`PULUMI_DEBUG_GRPC`", "`-v=9 --logflow`"]) {
      expect(guide("ci").text).toContain(name);
    }
  });
});

describe("CONTRIBUTING", () => {
  const contributing = pageOf("CONTRIBUTING.md");
  const namesIn = (line: string) =>
    tableAfter(contributing, line).map(([name = ""]) => name.replaceAll("`", ""));

  test("has each room of the house in its map", () => {
    const entries = readdirSync(join(root, "provider"), { withFileTypes: true });
    const rooms = entries
      .filter(({ name }) => name !== "tsconfig.json")
      .map((each) => (each.isDirectory() ? `${each.name}/` : each.name));
    expect(rooms.length).toBeGreaterThan(10);
    expect(namesIn("## The house").sort()).toEqual(rooms.sort());
  });

  test("has each file of lifecycle/ in its map", () => {
    const files = readdirSync(join(root, "provider/lifecycle"), { recursive: true, encoding: "utf8" });
    const named = namesIn("`lifecycle/`, file by file:");
    expect(named.sort()).toEqual(files.filter((name) => name.endsWith(".ts")).sort());
  });

  test("has each hidden input with its key", () => {
    const rows = tableAfter(contributing, "### Hidden inputs").map(([name, key]) => [name, key]);
    const all = {
      importId: "i",
      urn: "u",
      defaults: ["d"],
      isRoot: true,
      isReserve: true,
    } as const;
    const keys = Object.keys(hiddenInputs(all));
    expect(rows).toEqual(Object.keys(all).map((name, index) => [`\`${name}\``, `\`${keys[index]}\``]));
  });
});

describe("the indexes", () => {
  test("for people has every guide: docs/README.md", async () => {
    await expect(forPeople(guides)).toMatchFileSnapshot(join(root, "docs/README.md"));
  });

  test("for machines has every guide: llms.txt", async () => {
    await expect(forMachines(readme, guides)).toMatchFileSnapshot(join(root, "llms.txt"));
  });
});

test("in the site, what is no page of it is shown by the repository", () => {
  const repository = "https://github.com/sftptogo-community/pulumi-sftptogo/blob/main";
  expect(siteLink("docs/guides/ci.md", "../../examples/ci/README.md#x")).toBe(
    `${repository}/examples/ci/README.md#x`,
  );
  expect(siteLink("README.md", "examples/quickstart/index.ts")).toBe(
    `${repository}/examples/quickstart/index.ts`,
  );
  expect(siteLink("docs/README.md", "../README.md")).toBe("../index.html");
  for (const link of ["rotation.md#by-age", "media/growth.svg"]) {
    expect(siteLink("docs/guides/ci.md", link)).toBeUndefined();
  }
});

test.each([...pages, ...otherPages])("$path has links that lead somewhere", (page) => {
  const dead = page.links.filter((link) => {
    if (/^(?:https?|mailto):/.test(link)) return false;
    const [file = "", anchor] = link.split("#");
    const path = file === "" ? page.path : posix.join(posix.dirname(page.path), file);
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !(path.endsWith(".md") && pageOf(path).anchors.has(anchor));
  });
  expect(dead).toEqual([]);
});

describe.each(pages)("$path", (page) => {
  test("begins with a title, and below it one sentence that says what it is for", () => {
    expect(page.text).toMatch(/^# \S.*\n\n\S/);
    expect(page.title).not.toBe("");
    if (guides.includes(page)) expect(page.summary).toMatch(/^\S.{20,160}\.$/);
  });

  test("says what each block of code is, and those of data can be read", () => {
    for (const { language, text, line } of page.blocks) {
      expect(["ts", "js", "sh", "console", "json", "yaml", "hcl", "text"], `line ${line}`).toContain(
        language,
      );
      const read = { json: JSON.parse, yaml: (yaml: string) => parse(yaml) }[language];
      if (read) expect(() => read(text), `line ${line}`).not.toThrow();
    }
  });
});

describe("commands in the pages", () => {
  const commands = commandsOf(pages);

  /** The script that `npm test` or `npm run … name` starts. */
  function scriptOf([tool, command, ...others]: readonly string[]): string | undefined {
    if (tool !== "npm") return undefined;
    if (command === "test") return "test";
    return command === "run" ? others.find((word) => !word.startsWith("-")) : undefined;
  }

  test("are scripts of this package, with options that these read", () => {
    const wrong = commands.filter(({ words }) => {
      const name = scriptOf(words);
      if (name === undefined) return false;
      const script: string | undefined = manifest.scripts[name];
      if (script === undefined) return true;
      const file = /node (\S+\.ts)/.exec(script)?.[1];
      const source = file === undefined ? "" : readFileSync(join(root, file), "utf8");
      return flagsIn(words).some((flag) => !new RegExp(`\\b${flag.slice(2)}\\b`).test(source));
    });
    expect(wrong).toEqual([]);
    const named = commands.map(({ words }) => scriptOf(words));
    expect(named).toEqual(expect.arrayContaining(["test", "demo", "bench", "faults", "mutants", "dialects"]));
  });

  test("are commands of `npx pulumi-sftptogo`, with options that it has", () => {
    const ours = commands.filter(({ words: [tool, first] }) => tool === "npx" && first === "pulumi-sftptogo");
    expect(ours.length).toBeGreaterThan(5);
    const wrong = ours.filter(({ words: [, , ...given] }) => {
      const [command = ""] = given.filter((word) => !word.startsWith("-"));
      if (command !== "" && !new RegExp(`^ +${command}\\b`, "m").test(helpOf([]))) return true;
      const help = helpOf(command === "" ? [] : [command]);
      return flagsIn(given).some((flag) => !new RegExp(`(?:^|\\s)${flag}\\b`).test(help));
    });
    expect(wrong).toEqual([]);
  });
});
