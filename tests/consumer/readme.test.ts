/** Each TypeScript block of the README compiles in the program that the page has its reader make. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { compile, newest, project, root, textOf } from "./compiler";

/** What a block without imports goes on from: the first program, and Pulumi's SDK. */
const earlier = `
import type * as sdk from "@pulumi/pulumi";
import type * as package_ from "pulumi-sftptogo";
declare global {
  const pulumi: typeof sdk;
  const sftptogo: typeof package_;
  const acme: package_.Credential;
}
`;

/** What the page imports besides, as far as it uses it. */
const others: Readonly<Record<string, string>> = {
  vitest: `
    export declare function test(name: string, run: () => Promise<void>): void;
    export declare function expect(value: unknown): { toBe(other: unknown): void; toHaveLength(length: number): void };
  `,
  "@pulumi/aws": `
    import * as pulumi from "@pulumi/pulumi";
    export declare namespace secretsmanager {
      class Secret extends pulumi.CustomResource {
        constructor(name: string);
      }
      class SecretVersion extends pulumi.CustomResource {
        constructor(name: string, args: { secretId: pulumi.Input<string>; secretString: pulumi.Input<string> });
      }
    }
  `,
};

interface Block {
  /** As the page calls it, else by the line of the page where it begins. */
  readonly file: string;
  readonly text: string;
  /** A block with imports is a file of its own; any other goes on from the first program. */
  readonly isWhole: boolean;
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/(?:^`(\S+\.ts)`:\n\n)?^```ts\n(.*?)^```$/gms)].map((match) => {
    const [all, name, text = ""] = match;
    const line = page.slice(0, match.index + all.indexOf("```ts")).split("\n").length + 1;
    return { file: name ?? `line-${line}.ts`, text, isWhole: /^import /m.test(text) };
  });
}

const folder = project();
for (const [name, types] of Object.entries(others)) {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", types: "index.d.ts" }));
  write(`node_modules/${name}/index.d.ts`, types);
}
write("earlier.d.ts", earlier);
const blocks = blocksOf(readFileSync(join(root, "README.md"), "utf8"));
// Without the last line a block that has neither imports nor exports would be a script, and its names global.
for (const { file, text } of blocks) write(file, `${text}\nexport {};\n`);

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

test("the README has blocks of both kinds, and names its program", () => {
  expect(blocks.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(5);
  expect(blocks.filter(({ isWhole }) => !isWhole).length).toBeGreaterThan(3);
  expect(blocks.map(({ file }) => file)).toContain("index.ts");
});

test.each(["commonjs", "nodenext"] as const)("its TypeScript blocks compile with %s", (settings) => {
  const setup = { compiler: newest, settings, exactOptionalPropertyTypes: false };
  const filesOf = (isWhole: boolean) =>
    blocks.filter((block) => block.isWhole === isWhole).map(({ file }) => file);
  const found = [
    ...compile(setup, folder, filesOf(true)),
    ...compile(setup, folder, ["earlier.d.ts", ...filesOf(false)]),
  ];
  expect(textOf(newest, found)).toBe("");
});
