import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Kind, kinds } from "../../provider/engine/kinds";
import { stub } from "../../provider/engine/stub";

/** Every state file ever written holds one of these: a change of one byte shows as a change of each resource. */
const texts: Readonly<Record<Kind, string>> = {
  Credential:
    'exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("Credential")',
  SshPublicKey:
    'exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("SshPublicKey")',
  Webhook:
    'exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("Webhook")',
  ShareLink:
    'exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("ShareLink")',
  PasswordRotation:
    'exports.handler=()=>require(require.resolve("pulumi-sftptogo/provider",{paths:[".",...module.paths.map(p=>p+"/.pnpm")]})).get("PasswordRotation")',
};

describe("the constant text in the state", () => {
  test.each(kinds)("of a %s is this, byte for byte, and at most 250", (kind) => {
    expect(stub(kind)).toBe(texts[kind]);
    expect(Buffer.byteLength(stub(kind))).toBeLessThanOrEqual(250);
  });
});

const run = promisify(execFile);
// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });
const requireFromString = createRequire(__filename).resolve("require-from-string");

/** A folder of its own, away from this repository's `node_modules`. */
let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-stub-")));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A package that says where it was found and what it was asked for. */
async function install(folder: string): Promise<void> {
  const manifest = { name: "pulumi-sftptogo", exports: { "./provider": "./dist/provider.js" } };
  await write(join(folder, "package.json"), JSON.stringify(manifest));
  await write(join(folder, "dist/provider.js"), 'exports.get = (kind) => kind + " of " + __dirname;');
}

/** Evaluates a text as Pulumi's dynamic-provider process does, in a process whose folder is the program's. */
async function evaluate(program: string, text = stub("Webhook")): Promise<string> {
  const script = `process.stdout.write(String(require(process.argv[1])(process.argv[2]).handler()))`;
  await mkdir(join(root, program), { recursive: true });
  const { NODE_PATH: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, ["-e", script, requireFromString, text], {
    cwd: join(root, program),
    env,
  });
  return stdout;
}

const found = (folder: string) => `Webhook of ${join(root, folder, "dist")}`;

describe("the package is found from a program's folder", () => {
  test("where it is installed", async () => {
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test.each(kinds)("for %s, in the built package", async (kind) => {
    await mkdir(join(root, "app/node_modules"), { recursive: true });
    await symlink(process.cwd(), join(root, "app/node_modules/pulumi-sftptogo"));
    expect(await evaluate("app", stub(kind))).toBe("[object Object]");
  });

  test("that is an ES module", async () => {
    await write("app/package.json", JSON.stringify({ type: "module" }));
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test("that is an ES module below the folder with the modules", async () => {
    await write("app/infra/package.json", JSON.stringify({ type: "module" }));
    await install("app/node_modules/pulumi-sftptogo");
    expect(await evaluate("app/infra")).toBe(found("app/node_modules/pulumi-sftptogo"));
  });

  test("whose workspace has it at its root", async () => {
    await mkdir(join(root, "packages/app/node_modules"), { recursive: true });
    await install("node_modules/pulumi-sftptogo");
    expect(await evaluate("packages/app")).toBe(found("node_modules/pulumi-sftptogo"));
  });
});

describe("the package is found where pnpm hides it, since the program depends on it through another", () => {
  test("in the program's own modules, behind pnpm's links", async () => {
    const store = "app/node_modules/.pnpm/pulumi-sftptogo@0.1.0/node_modules/pulumi-sftptogo";
    await install(store);
    await mkdir(join(root, "app/node_modules/.pnpm/node_modules"), { recursive: true });
    await symlink(join(root, store), join(root, "app/node_modules/.pnpm/node_modules/pulumi-sftptogo"));
    expect(await evaluate("app")).toBe(found(store));
  });

  test("in the workspace's root above", async () => {
    await mkdir(join(root, "packages/app/node_modules/.bin"), { recursive: true });
    await install("node_modules/.pnpm/node_modules/pulumi-sftptogo");
    expect(await evaluate("packages/app")).toBe(found("node_modules/.pnpm/node_modules/pulumi-sftptogo"));
  });

  test("from an ES module's folder too", async () => {
    await write("packages/app/package.json", JSON.stringify({ type: "module" }));
    await install("node_modules/.pnpm/node_modules/pulumi-sftptogo");
    expect(await evaluate("packages/app")).toBe(found("node_modules/.pnpm/node_modules/pulumi-sftptogo"));
  });
});

test("the program's own version goes before a hidden one", async () => {
  await install("app/node_modules/.pnpm/node_modules/pulumi-sftptogo");
  await install("node_modules/pulumi-sftptogo");
  expect(await evaluate("app")).toBe(found("node_modules/pulumi-sftptogo"));
});

test("a package that is nowhere is named in the error", async () => {
  const error = await evaluate("app").catch((failure: { stderr: string }) => failure.stderr);
  expect(error).toContain("Cannot find module 'pulumi-sftptogo/provider'");
});
