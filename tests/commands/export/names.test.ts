import { runInNewContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { fileName, identifier, slug, uniqueNames } from "../../../provider/commands/export/names";
import { literal } from "../../../provider/commands/export/print";
import { hostileNames } from "./organization";

describe("a slug", () => {
  test.each([
    ["ACME Incoming", "acme-incoming"],
    ["Café Zürich GmbH", "cafe-zurich-gmbh"],
    ["  /reports/2026/ ", "reports-2026"],
    ["日本の取引先", ""],
    ["a".repeat(300), "a".repeat(32)],
    [`${"a".repeat(31)} b`, "a".repeat(31)],
    [null, ""],
  ])("of %j is %j", (text, expected) => expect(slug(text)).toBe(expected));
});

describe("unique names", () => {
  test("are what was wanted, unless two want the same or a stack has it", () => {
    const objects = [
      { wanted: "acme", id: "1" },
      { wanted: "globex", id: "2" },
      { wanted: "acme", id: "3" },
      { wanted: "taken", id: "4" },
    ];
    const names = uniqueNames(objects, ["taken"]);
    expect(names.get("2")).toBe("globex");
    for (const id of ["1", "3"]) expect(names.get(id)).toMatch(/^acme-[0-9a-f]{6}$/);
    expect(names.get("4")).toMatch(/^taken-[0-9a-f]{6}$/);
    expect(uniqueNames(objects.toReversed(), ["taken"])).toEqual(names);
  });

  test("are the other ones where several want the same, unless these are wanted, too", () => {
    const objects = [
      { wanted: "acme", otherwise: "acme-in", id: "1" },
      { wanted: "acme", otherwise: "globex", id: "2" },
      { wanted: "acme", otherwise: "same", id: "3" },
      { wanted: "acme", otherwise: "same", id: "4" },
      { wanted: "acme", otherwise: "", id: "5" },
      { wanted: "globex", id: "6" },
    ];
    const names = uniqueNames(objects, []);
    expect([names.get("1"), names.get("6")]).toEqual(["acme-in", "globex"]);
    for (const id of ["2", "3", "4", "5"]) expect(names.get(id)).toMatch(/^acme-[0-9a-f]{6}$/);
    expect(uniqueNames(objects.toReversed(), [])).toEqual(names);
  });

  test("are unique and valid, in files, variables and on every file system", () => {
    const texts = fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: "binary" }), fc.string());
    fc.assert(
      fc.property(fc.array(texts), (given) => {
        const objects = given.map((text, index) => ({
          wanted: slug(text) || "credential",
          otherwise: slug(given[index + 1]),
          id: `id-${index}`,
        }));
        const names = [...uniqueNames(objects, []).values()];
        expect(names).toHaveLength(given.length);
        for (const make of [identifier, fileName, (name: string) => name]) {
          const made = names.map(make);
          expect(new Set(made.map((each) => (make === fileName ? each.toLowerCase() : each))).size).toBe(
            names.length,
          );
          for (const each of made) expect(each).toMatch(/^[A-Za-z0-9_][\w-]*$/);
        }
        for (const name of names) expect(isDeclarable(identifier(name)), name).toBe(true);
      }),
    );
  });

  test.each([
    "class",
    "await",
    "config",
    "sftptogo",
    "global-this",
    "2024-archive",
    "exports",
    "undefined",
    "let",
  ])("%s can be a variable's", (name) => expect(isDeclarable(identifier(name))).toBe(true));
});

/** Whether the compiler takes it for a constant beside what every program has. */
function isDeclarable(name: string): boolean {
  const text = `const sftptogo = 1; const pulumi = 1; const config = 1; export const ${name} = 1;`;
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const others = ["sftptogo", "pulumi", "config", "exports", "require", "globalThis", "undefined", "module"];
  return diagnostics.length === 0 && !others.includes(name);
}

test("a string literal means the text again, and hides nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames)), (text) => {
      const printed = literal(text);
      expect(runInNewContext(printed)).toBe(text);
      expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
