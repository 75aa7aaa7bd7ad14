/** CONTRIBUTING.md's recipes, followed on a copy of the sources in memory: what is forgotten is named. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = resolve(__dirname, "..");
const config = ts.getParsedCommandLineOfConfigFile(
  join(root, "provider/tsconfig.json"),
  { noEmit: true },
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
);
if (config === undefined) throw new Error("provider/tsconfig.json cannot be read");
const { options, fileNames } = config;
/** Parsed once: each program differs from the sources by a line or two. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A change of a file: what is found in it, and what takes its place. */
type Edit = readonly [file: string, found: string, replacement: string];

/** What the compiler says of these files, and all they import, with these edits: `file: message` each. */
function compile(entries: readonly string[], ...edits: Edit[]): string[] {
  const edited = new Map<string, string>();
  for (const [file, found, replacement] of edits) {
    const path = join(root, file);
    const text = edited.get(path) ?? readFileSync(path, "utf8");
    if (!text.includes(found)) throw new Error(`${file} does not hold ${found}`);
    edited.set(path, text.replace(found, replacement));
  }
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) => {
    const text = edited.get(resolve(name));
    if (text !== undefined) return ts.createSourceFile(name, text, language, true);
    if (!parsed.has(name)) parsed.set(name, read(name, language));
    return parsed.get(name);
  };
  const program = ts.createProgram(entries, options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(root.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}

const resource = [join(root, "provider/resources/credential/resource.ts")];
const field: Edit = [
  "provider/resources/credential/fields.ts",
  "  storeSecrets: flag(",
  '  notes: text({ api: "Notes" }),\n  storeSecrets: flag(',
];
const argument: Edit = [
  "provider/resources/credential/resource.ts",
  "  storeSecrets?: ",
  "  notes?: pulumi.Input<string | undefined>;\n  storeSecrets?: ",
];
const output: Edit = [
  "provider/resources/credential/resource.ts",
  "  declare readonly host: ",
  "  declare readonly notes: pulumi.Output<string>;\n  declare readonly host: ",
];

describe("a new field", () => {
  test("is a line in fields.ts, and its argument and output in resource.ts", () => {
    expect(compile(resource, field, argument, output)).toEqual([]);
  });

  test("without its documented argument is named by the compiler", () => {
    expect(compile(resource, field, output)).toEqual([
      expect.stringMatching(/^provider\/resources\/credential\/resource.*"notes"/s),
    ]);
  });

  test("without its output is named by the compiler", () => {
    expect(compile(resource, field, argument)).toEqual([
      expect.stringMatching(/^provider\/resources\/credential\/resource.*"notes"/s),
    ]);
  });

  test("without its declaration is named by the compiler", () => {
    expect(compile(resource, argument, output)).toEqual([
      expect.stringMatching(/^provider\/resources\/credential\/resource.*"notes"/s),
    ]);
  });

  test("of another type in the documentation is named by the compiler", () => {
    const wrong: Edit = [
      argument[0],
      argument[1],
      argument[2].replace("string | undefined", "number | undefined"),
    ];
    expect(compile(resource, field, wrong, output)).toEqual([
      expect.stringMatching(/^provider\/resources\/credential\/resource.*"notes"/s),
    ]);
  });
});

describe("a new kind", () => {
  const kind: Edit = ["provider/protocol/kinds.ts", "] as const", '"Folder"] as const'];

  test("without its loader and its fields is named by the compiler, with both places", () => {
    const errors = compile(fileNames, kind);
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^provider\/resources\/fields\.ts: Property 'Folder' is missing/),
        expect.stringMatching(/^provider\/provider\.ts: Property 'Folder' is missing/),
      ]),
    );
  });
});
