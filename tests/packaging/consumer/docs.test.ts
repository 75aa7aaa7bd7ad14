/** Each TypeScript block of the documentation compiles in the program that its page has the reader make. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type ts from "typescript";
import { expect, test } from "vitest";
import { type Page, pageOf, pages } from "../../docs/pages";
import { compile, newest, project, root, textOf } from "./compiler";
import { installStandIns } from "./standIns/install";

/** Packages that pages import and that are not worth an installation, as far as pages use them. */
const others: Readonly<Record<string, string>> = {
  "aws-lambda": `
    export interface APIGatewayProxyEventV2 {
      headers: { [name: string]: string | undefined };
      body?: string | undefined;
      isBase64Encoded: boolean;
    }
  `,
  express: `
    import type { IncomingMessage, ServerResponse } from "node:http";
    interface Request extends IncomingMessage { body: any }
    interface Response extends ServerResponse { sendStatus(code: number): this }
    type Handler = (request: Request, response: Response, next: (error?: unknown) => void) => void;
    interface Application { post(path: string, ...handlers: Handler[]): void; listen(port: number): unknown }
    declare function express(): Application;
    declare namespace express { function raw(options: { type: string }): Handler }
    export = express;
  `,
  vitest: `
    export declare function test(name: string, run: () => Promise<void>): void;
    export declare function expect(value: unknown): { toBe(other: unknown): void; toHaveLength(length: number): void };
  `,
};

/** A block as a file of its page's folder. */
interface Program {
  readonly file: string;
  readonly text: string;
  /** What it declares for later blocks of the page. */
  readonly names: readonly string[];
  /** The packages that it imports for them, by their names there. */
  readonly packages: ReadonlyMap<string, string>;
}

/** The program that the README has its reader make, from which every page goes on that makes none of its own. */
const main = "index.ts";

/**
 * A block that imports something is a program of its own. Any other goes on from the page's program and the blocks
 * before it, with what they import as a whole, and from Pulumi's SDK, this package and `node:fs` under their usual names.
 */
function programsOf(page: Page, first: Program | undefined): Program[] {
  const programs: Program[] = first && !page.blocks.some(({ file }) => file === main) ? [first] : [];
  for (const { language, text, line, file = `line-${line}.ts` } of page.blocks) {
    if (language !== "ts") continue;
    const source = newest.createSourceFile(file, text, newest.ScriptTarget.Latest);
    const names = source.statements.flatMap(declaredBy);
    const hidden = names.filter(({ exported }) => !exported).map(({ name }) => name);
    const isWhole = source.statements.some((statement) => newest.isImportDeclaration(statement));
    const imports = isWhole
      ? []
      : importsFor(
          names.map(({ name }) => name),
          programs,
        );
    programs.push({
      file: programs.some((other) => other.file === file) ? `line-${line}.ts` : file,
      text: `${imports.join(" ")}${text}\nexport { ${hidden.join(", ")} };\n`,
      names: names.map(({ name }) => name),
      packages: new Map(
        [...text.matchAll(/^import \* as (\w+) from "(.+)";$/gm)].map(([, name = "", from = ""]) => [
          name,
          from,
        ]),
      ),
    });
  }
  return programs;
}

/** On one line, so that the compiler's lines are the block's. */
function importsFor(own: readonly string[], earlier: readonly Program[]): string[] {
  const from = new Map<string, string>();
  for (const { file, names, packages } of earlier) {
    for (const [name, path] of packages) from.set(name, `import * as ${name} from "${path}";`);
    for (const name of names) from.set(name, `import { ${name} } from "./${file.replace(/\.ts$/, ".js")}";`);
  }
  from.set("fs", 'import * as fs from "node:fs";');
  from.set("pulumi", 'import * as pulumi from "@pulumi/pulumi";');
  from.set("sftptogo", 'import * as sftptogo from "pulumi-sftptogo";');
  return [...from].filter(([name]) => !own.includes(name)).map(([, text]) => text);
}

function declaredBy(statement: ts.Statement): { name: string; exported: boolean }[] {
  const exported =
    newest.canHaveModifiers(statement) &&
    (newest.getModifiers(statement) ?? []).some(({ kind }) => kind === newest.SyntaxKind.ExportKeyword);
  const names = newest.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name }) => namesIn(name))
    : newest.isFunctionDeclaration(statement) || newest.isClassDeclaration(statement)
      ? [statement.name?.text ?? ""]
      : [];
  return names.filter((name) => name !== "").map((name) => ({ name, exported }));
}

function namesIn(name: ts.BindingName): string[] {
  if (newest.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (newest.isBindingElement(element) ? namesIn(element.name) : []));
}

const folder = project();
for (const [name, types] of Object.entries(others)) {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", types: "index.d.ts" }));
  write(`node_modules/${name}/index.d.ts`, types);
}
installStandIns(folder);

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const readme = pages
  .filter(({ path }) => path === "README.md")
  .flatMap((page) => programsOf(page, undefined));
const first = readme.find(({ file }) => file === main);
const filesOf = (page: Page): string[] => {
  const name = page.path.startsWith("docs/") ? basename(page.path, ".md") : page.path;
  return programsOf(page, first).map(({ file, text }) => {
    write(`${name}/${file}`, text);
    return `${name}/${file}`;
  });
};
const files = pages.flatMap(filesOf);

/** The examples in the sources, which the reference shows: each source is a page. */
const examples = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => {
    const comments = readFileSync(join(root, "provider", file), "utf8").match(/\/\*\*[\s\S]*?\*\//g) ?? [];
    const text = comments.join("\n").replace(/^ *(?:\/\*\*|\*\/|\* ?)/gm, "");
    return pageOf(`reference/${file}`, text);
  })
  .filter(({ blocks }) => blocks.some(({ language }) => language === "ts"))
  .flatMap(filesOf);
write("reference/package.json", '{ "type": "module" }');
/** What an example takes as given: it shows one call, and not where its values come from. */
write(
  "reference/given.d.ts",
  `
  declare const config: import("@pulumi/pulumi").Config;
  declare const rotation: import("pulumi-sftptogo").PasswordRotation;
  declare const topics: import("pulumi-sftptogo").WebhookTopic[];
  declare const startEmulator: typeof import("pulumi-sftptogo/emulator").startEmulator;
  declare const rawBody: Buffer;
  declare const request: import("node:http").IncomingMessage;
  declare const response: import("node:http").ServerResponse;
  declare const credentialId: string, secret: string, sshPublicKeyBody: string, url: string;
  declare const sshPublicKeyBodies: string[];
`,
);

// What pages import besides, from the development dependencies.
for (const [, name = ""] of files.flatMap((file) => [
  ...readFileSync(join(folder, file), "utf8").matchAll(/ from "((?:@[\w-]+\/)?[\w-]+)/g),
])) {
  const [here, there] = [join(folder, "node_modules", name), join(root, "node_modules", name)];
  if (existsSync(here) || !existsSync(there)) continue;
  mkdirSync(dirname(here), { recursive: true });
  symlinkSync(there, here);
}

test("the README names its program, and the pages have many blocks", () => {
  expect(first?.names).toContain("acme");
  expect(files.length).toBeGreaterThan(20);
});

test.each(["commonjs", "nodenext"] as const)("the pages' TypeScript blocks compile with %s", (settings) => {
  const setup = { compiler: newest, settings, exactOptionalPropertyTypes: false };
  expect(textOf(newest, compile(setup, folder, files))).toBe("");
});

test("the examples of the reference compile", () => {
  expect(examples.length).toBeGreaterThan(20);
  const setup = { compiler: newest, settings: "nodenext", exactOptionalPropertyTypes: false } as const;
  expect(textOf(newest, compile(setup, folder, [...examples, "reference/given.d.ts"]))).toBe("");
});
