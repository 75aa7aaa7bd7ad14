/**
 * How the provider process finds the package, and what a user sees where it does not. The programs lie outside
 * this repository, with a `node_modules` of their own: from inside, Node would always find the package above.
 */
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Emulator, startEmulator } from "pulumi-sftptogo/emulator";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createStack, type TestStack } from "#stack";

const ROOT = resolve(import.meta.dirname, "../..");

let emulator: Emulator;
let stack: TestStack | undefined;
/** The program's folder, and one that holds its Pulumi.yaml. */
let program: string;
let project: string;

beforeEach(async () => {
  emulator = await startEmulator();
  program = await realpath(await mkdtemp(join(tmpdir(), "pulumi-sftptogo-lookup-")));
  project = join(program, "project");
  await write("project/Pulumi.yaml", `name: test\nruntime: nodejs\nmain: ${program}\n`);
  await link("node_modules/@pulumi/pulumi", join(ROOT, "node_modules/@pulumi/pulumi"));
});

afterEach(async () => {
  await stack?.dispose();
  stack = undefined;
  await emulator.close();
  await rm(program, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(program, path)), { recursive: true });
  await writeFile(join(program, path), text);
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(program, path)), { recursive: true });
  await symlink(target, join(program, path));
}

async function open(): Promise<TestStack> {
  stack = await createStack({
    program: { copyOf: project },
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  });
  return stack;
}

const logins = () => [...emulator.data.credentials.values()].filter(({ IsDefault }) => !IsDefault);
const writes = () => emulator.ledger.filter(({ method }) => method !== "GET");
const stackTrace = /^\s+at /m;

it("says what to install at refresh and destroy, without a stack trace, and goes on once it is there", async () => {
  await write("package.json", JSON.stringify({ main: "index.js", dependencies: { "pulumi-sftptogo": "*" } }));
  await write(
    "index.js",
    `const { Credential } = require("pulumi-sftptogo");
     new Credential("acme", { homeDirectory: "/acme" });`,
  );
  await link("node_modules/pulumi-sftptogo", ROOT);
  const stack = await open();
  await stack.up();
  const installed = join(program, "node_modules/pulumi-sftptogo");
  await rename(installed, `${installed}-away`);

  for (const command of ["refresh", "destroy"] as const) {
    const { all } = await stack[command]([], { fails: true });
    expect(all).toContain("error: Install pulumi-sftptogo\n");
    expect(all).not.toMatch(stackTrace);
    expect(all).not.toContain("Require stack");
  }
  expect(logins()).toHaveLength(1);

  await rename(`${installed}-away`, installed);
  await stack.destroy();
  expect(logins()).toHaveLength(0);
});

/** A component package that has the package in a `node_modules` of its own, where the program sees nothing. */
async function installComponent(type: "commonjs" | "module"): Promise<void> {
  await write(
    "package.json",
    JSON.stringify({ main: "index.js", type, dependencies: { "@acme/partner": "*" } }),
  );
  const entry = type === "module" ? { import: "./index.js" } : "./index.js";
  const folder = "node_modules/@acme/partner";
  await write(`${folder}/package.json`, JSON.stringify({ type, exports: { ".": entry } }));
  const requires = `const pulumi = require("@pulumi/pulumi"), { Credential } = require("pulumi-sftptogo");`;
  const imports = `import * as pulumi from "@pulumi/pulumi"; import { Credential } from "pulumi-sftptogo";`;
  const partner = `class Partner extends pulumi.ComponentResource {
    constructor(name) {
      super("acme:Partner", name);
      this.credential = new Credential(name, { homeDirectory: "/" + name }, { parent: this });
    }
  }`;
  await write(
    `${folder}/index.js`,
    type === "module" ? `${imports} export ${partner}` : `${requires} exports.Partner = ${partner}`,
  );
  await write(
    "index.js",
    type === "module"
      ? `import { Partner } from "@acme/partner"; new Partner("acme");`
      : `const { Partner } = require("@acme/partner"); new Partner("acme");`,
  );
  await link(`${folder}/node_modules/pulumi-sftptogo`, ROOT);
}

it("finds the package through a component package: preview, up, refresh and destroy", async () => {
  await installComponent("commonjs");
  const stack = await open();
  await stack.preview();
  await stack.up();
  expect(logins()).toHaveLength(1);
  await stack.expectNoChanges();
  await stack.destroy();
  expect(logins()).toHaveLength(0);
});

it("stops the program where only its component package finds the package, before anything is sent", async () => {
  await installComponent("module");
  const stack = await open();
  for (const command of ["preview", "up"] as const) {
    const { all } = await stack[command]([], { fails: true });
    expect(all.replaceAll(/\s+/g, " ")).toContain(
      "Pulumi's provider process cannot find pulumi-sftptogo, because this program does not depend on it directly: " +
        `run \`npm install pulumi-sftptogo\` (or the equivalent of your package manager) in ${program}.`,
    );
    expect(all).not.toMatch(stackTrace);
  }
  expect(writes()).toEqual([]);
});
